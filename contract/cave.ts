import { z } from "zod";
import { CaveId, CaveName, Timestamp } from "./ids.ts";

export const CaveState = z.enum(["creating", "running", "paused", "stopped", "failed", "removing"]);
export type CaveState = z.infer<typeof CaveState>;

/** Upper bounds that a cave may never pass. */
export const Limits = z.strictObject({
  cpus: z.number().min(0.1).max(256).describe("CPU cores"),
  memoryMb: z.number().int().min(64).max(1_048_576).describe("Memory, swap included, in MB"),
  pids: z.number().int().min(16).max(32_768).describe("Processes and threads"),
  diskMb: z.number().int().min(64).max(16_777_216).describe("Workspace and home together, in MB"),
});
export type Limits = z.infer<typeof Limits>;

export const defaultLimits: Limits = { cpus: 2, memoryMb: 2048, pids: 512, diskMb: 10_240 };

const Target = z
  .string()
  .max(253)
  .regex(/^(\*\.)?[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?$|^[0-9a-fA-F.:]+(\/\d{1,3})?$/);

export const Network = z.strictObject({
  mode: z
    .enum(["open", "none", "allow"])
    .describe("open: the internet; none: nothing; allow: only what `allow` lists"),
  allow: z
    .array(Target)
    .max(100)
    .optional()
    .describe("Host names, `*.` wildcards or CIDRs, for mode `allow`"),
});
export type Network = z.infer<typeof Network>;

export const EnvName = z
  .string()
  .max(128)
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/);
export const Env = z
  .record(EnvName, z.string().max(32_768))
  .refine((env) => Object.keys(env).length <= 200, "At most 200 variables.")
  .refine(
    (env) => !Object.keys(env).some((name) => name.startsWith("GHOST_")),
    "Names with GHOST_ are reserved.",
  );

/** An image reference as engines know it: `ghost/cave`, `python:3.12-slim`, `host:5000/a/b@sha256:…`. */
export const ImageRef = z
  .string()
  .max(255)
  .regex(/^[a-z0-9]+(?:[._:/-]+[a-zA-Z0-9_]+)*(?:@sha256:[a-f0-9]{64})?$/, "That is not an image reference.");

/** The image that stands for whatever flavour of ours is built: `ghost/cave:full`, or `ghost/cave:base` until then. */
export const defaultImage = "ghost/cave";

export const ServiceState = z.strictObject({
  state: z.enum(["stopped", "starting", "ready", "failed"]),
  since: Timestamp,
  reason: z.string().optional(),
});
export type ServiceState = z.infer<typeof ServiceState>;

export const ListeningPort = z.strictObject({
  port: z.number().int(),
  process: z.string().optional().describe("Name of the process that listens"),
  pid: z.number().int().optional(),
  address: z.string().describe("Address it listens on, as the kernel says"),
});
export type ListeningPort = z.infer<typeof ListeningPort>;

export const DesktopWindow = z
  .strictObject({
    id: z.number().int().describe("Its number on the X server, as xdotool and wmctrl take it"),
    title: z.string().describe("As its program has set it: any text, or none"),
    class: z.string().describe("Its program's name, as the program gives it"),
    since: Timestamp.describe("When it was first seen"),
  })
  .meta({ id: "DesktopWindow" });
export type DesktopWindow = z.infer<typeof DesktopWindow>;

export const Activity = z.strictObject({
  at: Timestamp,
  what: z.string().describe("exec, terminal, file, process, port, …"),
});
export type Activity = z.infer<typeof Activity>;

/** Steps on the way from nothing to a cave that can be used. */
export const StartStage = z.enum(["image", "create", "start", "ready"]);
export type StartStage = z.infer<typeof StartStage>;

/** How far a cave is that is being made or started. */
export const Starting = z
  .strictObject({
    stage: StartStage,
    since: Timestamp.describe("When that stage began"),
    line: z.string().optional().describe("What the stage last said"),
  })
  .meta({ id: "Starting" });
export type Starting = z.infer<typeof Starting>;

/** What a cave's image may be without, and what the cave is without then. */
export const Lack = z.enum(["daemon", "shell"]);
export type Lack = z.infer<typeof Lack>;

export const Cave = z
  .strictObject({
    id: CaveId,
    name: CaveName,
    owner: z.string().describe("Name of the user it belongs to"),
    backend: z.string(),
    image: z.string(),
    state: CaveState,
    stateReason: z.string().optional(),
    starting: Starting.optional().describe("While it is being made or started"),
    limits: Limits,
    network: Network,
    env: z.record(z.string(), z.string()),
    secrets: z.array(z.string()),
    services: z.record(z.string(), ServiceState),
    lacks: z
      .array(Lack)
      .describe(
        "What its image is found to be without. No Ghost `daemon`: no terminal, desktop, VS Code or Jupyter; no `shell`: no files, processes or listening ports either",
      ),
    ports: z.array(ListeningPort),
    createdAt: Timestamp,
    lastActivity: Activity,
    idleTimeoutMs: z.number().int().optional(),
    stopsAt: Timestamp.optional().describe("When it stops unless something happens in it"),
    expiresAt: Timestamp.optional().describe("When it is removed"),
  })
  .meta({ id: "Cave" });
export type Cave = z.infer<typeof Cave>;

const Duration = z
  .number()
  .int()
  .min(1_000)
  .max(365 * 86_400_000);

export const CreateCave = z
  .strictObject({
    name: CaveName.optional(),
    backend: z.string().max(64).default("docker"),
    image: ImageRef.default(defaultImage),
    limits: Limits.partial().default({}),
    network: Network.default({ mode: "open" }),
    env: Env.default({}),
    secrets: z
      .array(EnvName)
      .max(100)
      .default([])
      .describe("Names of secrets to hand to the cave's processes"),
    services: z
      .strictObject({
        desktop: z.boolean().optional(),
        code: z.boolean().optional(),
        jupyter: z.boolean().optional(),
      })
      .default({})
      .describe("Surfaces to start with the cave instead of on first use"),
    idleTimeoutMs: Duration.optional().describe("Stop it after so long without activity"),
    ttlMs: Duration.optional().describe("Remove it after so long"),
  })
  .meta({ id: "CreateCave" });
export type CreateCave = z.infer<typeof CreateCave>;
export type CreateCaveInput = z.input<typeof CreateCave>;

export const PatchCave = z
  .strictObject({
    name: CaveName.optional(),
    limits: Limits.partial().optional(),
    idleTimeoutMs: Duration.nullable().optional(),
    ttlMs: Duration.nullable().optional().describe("From now on; null: never"),
  })
  .meta({ id: "PatchCave" });
export type PatchCave = z.infer<typeof PatchCave>;

/** What is told of a creation to whoever asked for it. */
export const Progress = z.strictObject({
  cave: CaveId.describe("The cave that is being made"),
  stage: StartStage,
  status: z.enum(["started", "progress", "done"]),
  message: z.string().optional(),
  elapsedMs: z.number(),
});
export type Progress = z.infer<typeof Progress>;

export const Stats = z
  .strictObject({
    at: Timestamp,
    cpuMs: z.number().describe("CPU time since the cave started"),
    cpuPercent: z.number().optional().describe("Of the cave's own CPU limit, since the reading before"),
    memoryBytes: z.number(),
    memoryLimitBytes: z.number(),
    diskBytes: z.number().optional(),
    diskLimitBytes: z.number().optional(),
    rxBytes: z.number(),
    txBytes: z.number(),
    pids: z.number(),
  })
  .meta({ id: "Stats" });
export type Stats = z.infer<typeof Stats>;
