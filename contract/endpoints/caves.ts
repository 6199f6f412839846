import { z } from "zod";
import { Cave, CaveState, CreateCave, PatchCave, Progress, Stats } from "../cave.ts";
import { answerJson, endpoint, events, json, nothing, text } from "../endpoint.ts";
import { CaveRef } from "../ids.ts";
import { FleetEvent } from "../system.ts";

const tag = "Caves";
const params = z.strictObject({ cave: CaveRef });
export const Flag = z.enum(["true", "false"]).transform((value) => value === "true");

const move = (verb: string, summary: string) =>
  endpoint({
    method: "post",
    path: `/v1/caves/{cave}/${verb}`,
    summary,
    tag,
    access: "caves:write",
    params,
    answer: [answerJson(Cave)],
    errors: ["cave_not_found", "cave_state", "cave_exited", "backend_unavailable", "unsupported"],
  });

export const caves = {
  create: endpoint({
    method: "post",
    path: "/v1/caves",
    summary: "Create a cave",
    description:
      "Answers when the cave can be used, or at once with `wait=none`. With `Accept: text/event-stream` the progress is streamed: " +
      "`progress` events, then `cave`. An `Idempotency-Key` header makes retries safe for a day.",
    tag,
    access: "caves:write",
    query: z.strictObject({
      wait: z.enum(["ready", "none"]).default("ready"),
      onFailure: z
        .enum(["remove", "keep"])
        .default("remove")
        .describe(
          "What becomes of a cave that cannot be made: nothing is left of it, or it stays as `failed`, says why and can be started again. With `wait=none` it stays.",
        ),
    }),
    body: [json(CreateCave)],
    answer: [answerJson(Cave), events({ progress: Progress, cave: Cave })],
    status: 201,
    headers: ["Idempotency-Key"],
    errors: [
      "cave_name_taken",
      "image_not_found",
      "image_building",
      "backend_not_found",
      "backend_unavailable",
      "unsupported",
      "secret_not_found",
      "cave_exited",
      "idempotency_conflict",
      "limit_reached",
      "disk_full",
    ],
  }),
  list: endpoint({
    method: "get",
    path: "/v1/caves",
    summary: "List caves",
    tag,
    access: "caves:read",
    query: z.strictObject({
      state: CaveState.optional(),
      backend: z.string().max(64).optional(),
      owner: z.string().max(64).optional().describe("A user's name, or `me`; only admins see others'"),
      q: z.string().max(200).optional().describe("Part of a name, id or image"),
      sort: z
        .enum(["name", "-name", "createdAt", "-createdAt", "lastActivity", "-lastActivity"])
        .default("-createdAt"),
      cursor: z.string().max(300).optional(),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
    answer: [
      answerJson(
        z
          .strictObject({ caves: z.array(Cave), nextCursor: z.string().optional(), total: z.number().int() })
          .meta({ id: "CaveList" }),
      ),
    ],
  }),
  get: endpoint({
    method: "get",
    path: "/v1/caves/{cave}",
    summary: "Get one cave",
    tag,
    access: "caves:read",
    params,
    answer: [answerJson(Cave)],
    errors: ["cave_not_found"],
  }),
  patch: endpoint({
    method: "patch",
    path: "/v1/caves/{cave}",
    summary: "Change a cave's name, limits or lifetime",
    tag,
    access: "caves:write",
    params,
    body: [json(PatchCave)],
    answer: [answerJson(Cave)],
    errors: ["cave_not_found", "cave_name_taken", "cave_state", "backend_unavailable", "unsupported"],
  }),
  remove: endpoint({
    method: "delete",
    path: "/v1/caves/{cave}",
    summary: "Delete a cave",
    tag,
    access: "caves:write",
    params,
    description:
      "Idempotent by id. The workspace goes too unless `keepWorkspace=true`: then a new cave of the same name gets it back.",
    query: z.strictObject({ keepWorkspace: Flag.default(false) }),
    answer: [nothing],
    errors: ["cave_not_found", "backend_unavailable"],
  }),
  start: move("start", "Start a stopped cave"),
  stop: move("stop", "Stop a cave; its workspace stays"),
  restart: move("restart", "Stop and start a cave"),
  pause: move("pause", "Freeze a cave's processes"),
  resume: move("resume", "Let a paused cave go on"),
  logs: endpoint({
    method: "get",
    path: "/v1/caves/{cave}/logs",
    summary: "Read a cave's logs",
    tag,
    access: "caves:read",
    params,
    query: z.strictObject({
      service: z
        .string()
        .max(64)
        .optional()
        .describe("One of the cave's services; without it the cave's own output"),
      since: z.iso.datetime().optional(),
      tail: z.coerce.number().int().min(0).max(100_000).optional(),
      follow: Flag.default(false),
    }),
    answer: [text(), events({ line: z.string(), end: z.unknown() })],
    errors: ["cave_not_found", "cave_state", "surface_unavailable", "backend_unavailable"],
  }),
  stats: endpoint({
    method: "get",
    path: "/v1/caves/{cave}/stats",
    summary: "Read CPU, memory, disk, network and processes",
    tag,
    access: "caves:read",
    params,
    query: z.strictObject({ follow: Flag.default(false) }),
    answer: [answerJson(Stats), events({ stats: Stats })],
    errors: ["cave_not_found", "cave_state", "backend_unavailable"],
  }),
  events: endpoint({
    method: "get",
    path: "/v1/events",
    summary: "Follow the fleet: states, figures, ports, windows, activity",
    tag,
    access: "caves:read",
    description: "Starts with every cave there is, unless `Last-Event-ID` can be resumed.",
    headers: ["Last-Event-ID"],
    answer: [events({ message: FleetEvent })],
  }),
} as const;
