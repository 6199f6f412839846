import { encodeOutput } from "../api/output-text.ts";
import type { Output } from "./output.ts";
import type { Run, RunInput, RunLimits, RunStatus } from "#contract/run.ts";

/** What is remembered of a run, but for its output and what was asked. */
export interface RunRecord {
  readonly id: string;
  readonly ownerId: string;
  readonly language: string;
  readonly status: RunStatus;
  readonly stage?: "compile" | "run";
  readonly exitCode: number | null;
  readonly signal?: string;
  readonly reason?: string;
  readonly truncated: boolean;
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly queueMs: number;
  readonly memoryPeakBytes: number;
  readonly pidsPeak: number;
  readonly warm: boolean;
  readonly timings?: NonNullable<Run["timings"]>;
  readonly limits: RunLimits;
  readonly image: string;
  readonly runtime: string;
  readonly createdAt: Date;
  readonly completedAt?: Date;
}

export function limitsOf(input: RunInput): RunLimits {
  const { timeoutMs, cpuMillis, memoryMb, processes, openFiles, fileSizeMb, maxOutputBytes, network } = input;
  return { timeoutMs, cpuMillis, memoryMb, processes, openFiles, fileSizeMb, maxOutputBytes, network };
}

export const isOver = ({ status }: Pick<RunRecord, "status">) => status !== "queued" && status !== "running";

/** As callers see it; without `output` its text is empty. */
export function viewOf(record: RunRecord, output: Output | undefined, events = false): Run {
  const { ownerId: _, createdAt, completedAt, ...rest } = record;
  const stdout = text(output?.of("stdout"), record.truncated);
  const stderr = text(output?.of("stderr"), record.truncated);
  const compiler = output?.of("compiler");
  const compiled =
    compiler === undefined || compiler.length === 0 ? undefined : text(compiler, record.truncated);
  return {
    ...rest,
    cpuMs: round(rest.cpuMs),
    wallMs: round(rest.wallMs),
    queueMs: round(rest.queueMs),
    stdout: stdout.text,
    stderr: stderr.text,
    ...(compiled && { compileOutput: compiled.text }),
    encoding: {
      stdout: stdout.encoding,
      stderr: stderr.encoding,
      ...(compiled && { compileOutput: compiled.encoding }),
    },
    createdAt: createdAt.toISOString(),
    ...(completedAt && { completedAt: completedAt.toISOString() }),
    ...(events && output && { events: output.events() }),
  };
}

const text = (bytes: Buffer | undefined, truncated: boolean) =>
  encodeOutput(bytes ?? Buffer.alloc(0), truncated);
export const round = (ms: number) => Math.round(ms * 1000) / 1000;
