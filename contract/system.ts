import { z } from "zod";
import { Activity, Cave, DesktopWindow, ListeningPort, ServiceState, Starting, Stats } from "./cave.ts";
import { CaveId, Timestamp } from "./ids.ts";

export const Health = z.strictObject({
  status: z.enum(["healthy", "unhealthy"]),
  service: z.literal("ghost"),
  version: z.string(),
  failing: z.array(z.string()).optional(),
});
export type Health = z.infer<typeof Health>;
export const Version = z.strictObject({
  version: z.string(),
  commit: z.string(),
  api: z.literal("v1"),
  apps: z.string().describe("Where apps are, `*` standing for each: what wildcard DNS must lead here"),
});
export type Version = z.infer<typeof Version>;

/** What an engine keeps on its disk. */
export const DiskUse = z
  .strictObject({
    imagesBytes: z.number(),
    containersBytes: z.number().describe("Written by caves outside their volumes"),
    volumesBytes: z.number().describe("Workspaces and homes"),
    cacheBytes: z.number().describe("Left by builds"),
    freeBytes: z.number().optional().describe("Known of an engine on the gateway's machine"),
    totalBytes: z.number().optional(),
  })
  .meta({ id: "DiskUse" });
export type DiskUse = z.infer<typeof DiskUse>;

export const BackendStatus = z
  .strictObject({
    name: z.string(),
    reachable: z.boolean(),
    reason: z.string().optional(),
    version: z.string().optional(),
    runtimes: z.array(z.string()),
    capabilities: z.strictObject({
      pause: z.boolean(),
      networks: z.array(z.string()),
      diskLimit: z.boolean(),
    }),
    facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    isolation: z.strictObject({
      grade: z.enum(["strong", "standard", "reduced"]),
      notes: z.array(z.string()),
    }),
    disk: DiskUse.optional().describe("When asked for, and the engine counts it"),
  })
  .meta({ id: "BackendStatus" });
export type BackendStatus = z.infer<typeof BackendStatus>;

/** How far the images are that `npm run up` builds. */
export const ImageBuild = z
  .strictObject({
    flavor: z
      .string()
      .regex(/^(base|full|run:[a-z]+)$/)
      .describe("`base` and `full` are for caves, `run:<stage>` for the executor"),
    image: z.string(),
    state: z.enum(["missing", "building", "ready", "failed"]),
    step: z.number().int().optional(),
    steps: z.number().int().optional(),
    line: z.string().optional().describe("What the build says at the moment"),
    startedAt: Timestamp.optional(),
    finishedAt: Timestamp.optional(),
    error: z.string().optional(),
  })
  .meta({ id: "ImageBuild" });
export type ImageBuild = z.infer<typeof ImageBuild>;

/** One event of `GET /v1/events`, resumable by its SSE id. */
export const FleetEvent = z
  .discriminatedUnion("type", [
    z.strictObject({ type: z.literal("cave"), cave: Cave }),
    z.strictObject({ type: z.literal("removed"), caveId: CaveId }),
    z.strictObject({ type: z.literal("stats"), caveId: CaveId, stats: Stats }),
    z.strictObject({ type: z.literal("ports"), caveId: CaveId, ports: z.array(ListeningPort) }),
    z.strictObject({
      type: z.literal("services"),
      caveId: CaveId,
      services: z.record(z.string(), ServiceState),
    }),
    z
      .strictObject({ type: z.literal("windows"), caveId: CaveId, opened: z.array(DesktopWindow) })
      .describe("Windows that opened on its desktop, for those with the scope `caves:exec`"),
    z
      .strictObject({ type: z.literal("starting"), caveId: CaveId, starting: Starting.optional() })
      .describe("How far it is while it is being made or started; at the end without `starting`"),
    z.strictObject({ type: z.literal("activity"), caveId: CaveId, activity: Activity }),
    z.strictObject({ type: z.literal("image"), build: ImageBuild }),
    z.strictObject({ type: z.literal("reset") }).describe("Events were missed: list again"),
  ])
  .meta({ id: "FleetEvent" });
export type FleetEvent = z.infer<typeof FleetEvent>;
