import { availableParallelism } from "node:os";
import { z } from "zod";

/** What runs may take of the machine. */
export interface ExecutorConfig {
  /** How many containers wait, by language; what is not named has its language's own number. */
  readonly waiting: Readonly<Record<string, number>> | "off";
  /** Of all containers that wait. */
  readonly memoryMb: number;
  /** Runs at once, and in the queue. */
  readonly concurrency: number;
  readonly queue: number;
  /** Without a run, containers are started so long after the gateway. */
  readonly warmAfterMs: number;
  /** For runs that ask for none; absent: the engine's default. */
  readonly runtime?: string;
  readonly network: boolean;
  readonly keptDays: number;
  readonly keptPerUser: number;
}

const count = (max: number, min = 1) => z.coerce.number<string>().int().min(min).max(max);

const Pool = z.string().transform((text, check) => {
  if (text === "off") return "off" as const;
  const sizes: Record<string, number> = {};
  for (const part of text.split(",").filter((one) => one.trim() !== "")) {
    const [, name, size] = /^\s*([a-z+]+)=(\d{1,2})\s*$/.exec(part) ?? [];
    if (name === undefined || size === undefined) {
      check.addIssue("Give languages and numbers, such as python=2,bash=1, or off.");
      return z.NEVER;
    }
    sizes[name] = Number(size);
  }
  return sizes;
});

/** As fields of the settings. */
export const executorSettings = {
  GHOST_EXECUTOR_POOL: Pool.default({}),
  GHOST_EXECUTOR_MEMORY_MB: count(1_000_000, 0).default(512),
  GHOST_EXECUTOR_CONCURRENCY: count(1_000).default(() => Math.max(2, 2 * availableParallelism())),
  GHOST_EXECUTOR_QUEUE: count(100_000, 0).default(100),
  GHOST_EXECUTOR_WARM_AFTER_MS: count(3_600_000, 0).default(15_000),
  GHOST_EXECUTOR_RUNTIME: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{0,63}$/)
    .optional(),
  GHOST_EXECUTOR_NETWORK: z.enum(["allow", "deny"]).default("allow"),
  GHOST_RUNS_KEPT_DAYS: count(3_650).default(30),
  GHOST_RUNS_KEPT_PER_USER: count(1_000_000).default(2_000),
};

export function executorConfig(all: z.output<z.ZodObject<typeof executorSettings>>): ExecutorConfig {
  return {
    waiting: all.GHOST_EXECUTOR_POOL,
    memoryMb: all.GHOST_EXECUTOR_MEMORY_MB,
    concurrency: all.GHOST_EXECUTOR_CONCURRENCY,
    queue: all.GHOST_EXECUTOR_QUEUE,
    warmAfterMs: all.GHOST_EXECUTOR_WARM_AFTER_MS,
    ...(all.GHOST_EXECUTOR_RUNTIME !== undefined && { runtime: all.GHOST_EXECUTOR_RUNTIME }),
    network: all.GHOST_EXECUTOR_NETWORK === "allow",
    keptDays: all.GHOST_RUNS_KEPT_DAYS,
    keptPerUser: all.GHOST_RUNS_KEPT_PER_USER,
  };
}
