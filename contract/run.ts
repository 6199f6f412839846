import { z } from "zod";
import { Timestamp } from "./ids.ts";
import { runBounds, runDefaults, runLeast } from "./run-bounds.ts";

export const RunId = z.string().regex(/^run-[a-z2-7]{16}$/);

export { runBounds, runDefaults };

/** Text, or bytes as base64. */
export const RunBytes = z.union([z.string(), z.strictObject({ base64: z.base64() })]);
export type RunBytes = z.infer<typeof RunBytes>;

/** Below the working folder: no way up, no way out. */
export const RunPath = z
  .string()
  .min(1)
  .max(1024)
  .refine(
    (path) =>
      !path.includes("\0") &&
      path
        .split("/")
        .every((part) => part !== "" && part !== "." && part !== ".." && byteLength(part) <= 255) &&
      path.split("/").length <= 32,
    "Give a relative path of at most 32 parts without `.` or `..`.",
  );

const byteLength = (text: string) => new TextEncoder().encode(text).length;
const word = z
  .string()
  .max(runBounds.word)
  .refine((text) => !text.includes("\0"), "A word cannot hold a zero byte.");

export const RuntimeName = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,63}$/);

export const RunInput = z
  .strictObject({
    language: z.string().min(1).max(40).describe("A language's name or alias, as in GET /v1/languages"),
    code: z.string().max(runBounds.code),
    stdin: RunBytes.optional(),
    args: z.array(word).max(runBounds.args).default([]),
    files: z
      .record(RunPath, RunBytes)
      .refine((files) => Object.keys(files).length <= runBounds.files, `At most ${runBounds.files} files.`)
      .default({})
      .describe("More files for the working folder, by path"),
    timeoutMs: z
      .number()
      .int()
      .min(runLeast.timeoutMs)
      .max(runBounds.timeoutMs)
      .default(runDefaults.timeoutMs),
    cpuMillis: z
      .number()
      .int()
      .min(runLeast.cpuMillis)
      .max(runBounds.cpuMillis)
      .default(runDefaults.cpuMillis),
    memoryMb: z.number().int().min(runLeast.memoryMb).max(runBounds.memoryMb).default(runDefaults.memoryMb),
    processes: z
      .number()
      .int()
      .min(runLeast.processes)
      .max(runBounds.processes)
      .default(runDefaults.processes),
    openFiles: z
      .number()
      .int()
      .min(runLeast.openFiles)
      .max(runBounds.openFiles)
      .default(runDefaults.openFiles),
    fileSizeMb: z.number().int().min(0).max(runBounds.fileSizeMb).default(runDefaults.fileSizeMb),
    maxOutputBytes: z
      .number()
      .int()
      .min(0)
      .max(runBounds.outputBytes)
      .default(runDefaults.maxOutputBytes)
      .describe("Of stdout and stderr together; more ends the run"),
    network: z.boolean().default(false),
    runtime: RuntimeName.optional().describe("One of the engine's runtimes (GET /v1/languages lists them)"),
    typecheck: z.boolean().default(false).describe("TypeScript: check types first, which takes seconds"),
  })
  .meta({ id: "RunInput" });
export type RunInput = z.output<typeof RunInput>;

export const RunStatus = z.enum([
  "queued",
  "running",
  "ok",
  "runtime_error",
  "compile_error",
  "timeout",
  "memory_limit",
  "output_limit",
  "cancelled",
  "internal_error",
]);
export type RunStatus = z.infer<typeof RunStatus>;

export const RunLimits = z.strictObject({
  timeoutMs: z.number().int(),
  cpuMillis: z.number().int(),
  memoryMb: z.number().int(),
  processes: z.number().int(),
  openFiles: z.number().int(),
  fileSizeMb: z.number().int(),
  maxOutputBytes: z.number().int(),
  network: z.boolean(),
});
export type RunLimits = z.infer<typeof RunLimits>;

const Encoding = z.enum(["utf8", "base64"]);

/** One piece of output and when it came, in milliseconds since the run began. */
export const RunEvent = z
  .strictObject({
    stream: z.enum(["stdout", "stderr", "compiler"]),
    atMs: z.number(),
    data: z.string(),
    encoding: Encoding,
  })
  .meta({ id: "RunEvent" });
export type RunEvent = z.infer<typeof RunEvent>;

export const Run = z
  .strictObject({
    id: RunId,
    language: z.string(),
    status: RunStatus,
    stage: z.enum(["compile", "run"]).optional().describe("Where it ended"),
    exitCode: z.number().int().nullable(),
    signal: z.string().optional(),
    reason: z.string().optional().describe("Why Ghost could not run it"),
    stdout: z.string(),
    stderr: z.string(),
    compileOutput: z.string().optional(),
    encoding: z.strictObject({ stdout: Encoding, stderr: Encoding, compileOutput: Encoding.optional() }),
    truncated: z.boolean(),
    cpuMs: z.number(),
    wallMs: z.number(),
    queueMs: z.number().describe("Until a container was there; next to nothing when one was waiting"),
    memoryPeakBytes: z.number().int(),
    pidsPeak: z.number().int(),
    warm: z.boolean().describe("Whether a container was waiting"),
    timings: z
      .strictObject({ leaseMs: z.number(), writeMs: z.number(), runMs: z.number(), exitMs: z.number() })
      .optional()
      .describe("Where the time went: getting the container, sending the request, the code, its result"),
    limits: RunLimits,
    image: z.string(),
    runtime: z.string(),
    createdAt: Timestamp,
    completedAt: Timestamp.optional(),
    events: z.array(RunEvent).optional().describe("The output in the order it came (`events=true`)"),
  })
  .meta({ id: "Run" });
export type Run = z.infer<typeof Run>;

/** What was asked for, to look at and to run again. */
export const RunSource = z
  .strictObject({ run: Run, input: RunInput.optional().describe("Absent when it was too large to keep") })
  .meta({ id: "RunSource" });

/** What `GET /v1/runs/{id}/logs` sends, as JSON texts; the last is `exit`. */
export const RunLog = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("status"), status: RunStatus, position: z.number().int().optional() }),
  RunEvent.extend({ type: z.literal("output") }),
  z.strictObject({ type: z.literal("exit"), run: Run }),
]);
export type RunLog = z.infer<typeof RunLog>;

export const LanguageStatus = z
  .strictObject({
    name: z.string(),
    title: z.string(),
    aliases: z.array(z.string()),
    version: z.string().optional(),
    fileName: z.string(),
    compiled: z.boolean(),
    image: z.string(),
    ready: z.boolean().describe("Whether the engine has its image"),
    build: z.string().describe("The command that builds the image"),
    example: z.string(),
    limits: z.strictObject({
      defaults: RunLimits,
      diskMb: z.number().int(),
      compileTimeoutMs: z.number().int(),
    }),
    pool: z.strictObject({
      target: z.number().int(),
      available: z.number().int(),
      starting: z.number().int(),
      active: z.number().int(),
      hits: z.number().int(),
      misses: z.number().int(),
    }),
  })
  .meta({ id: "Language" });
export type LanguageStatus = z.infer<typeof LanguageStatus>;

export const LanguageList = z
  .strictObject({
    languages: z.array(LanguageStatus),
    runtimes: z.array(z.strictObject({ name: z.string(), default: z.boolean(), isolation: z.string() })),
    memory: z
      .strictObject({ budgetMb: z.number(), usedMb: z.number() })
      .describe("Of all waiting containers"),
    running: z.number().int(),
    queued: z.number().int(),
  })
  .meta({ id: "LanguageList" });
export type LanguageList = z.infer<typeof LanguageList>;
