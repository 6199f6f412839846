import type { Language } from "./languages.ts";
import type { RunBytes, RunInput } from "#contract/run.ts";

/** What the slot's first process tells; see cave-image/executor/slot/slot.h. */
export const frame = {
  ready: 0x52,
  stage: 0x53,
  stdout: 0x4f,
  stderr: 0x58,
  compiler: 0x43,
  exit: 0x5a,
} as const;

const headerBytes = 13;
/** More than the first process ever sends at once. */
const maxPayload = 131_072;
const exitBytes = 37;

export type Reason = "ended" | "timed-out" | "too-much-output" | "cancelled" | "failed";
const reasons: readonly Reason[] = ["ended", "timed-out", "too-much-output", "cancelled", "failed"];

/** How a run ended, as the slot's first process measured it. */
export interface Exit {
  readonly reason: Reason;
  readonly stage: "compile" | "run";
  readonly signalled: boolean;
  /** Exit code, or number of the signal. */
  readonly code: number;
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly memoryPeakBytes: number;
  readonly pidsPeak: number;
  readonly oomKills: number;
  readonly truncated: boolean;
  readonly problem: string;
}

/** Cuts the slot's bytes into frames. Payloads are views: whoever keeps one copies it. */
export class FrameReader {
  readonly #onFrame: (type: number, atUs: number, payload: Buffer) => void;
  #rest: Buffer = Buffer.alloc(0);

  constructor(onFrame: (type: number, atUs: number, payload: Buffer) => void) {
    this.#onFrame = onFrame;
  }

  /** Throws when these are not frames. */
  push(chunk: Buffer): void {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (bytes.length >= headerBytes) {
      const length = bytes.readUInt32BE(1);
      if (length > maxPayload) throw new Error("The slot sent a frame that is too large.");
      if (bytes.length < headerBytes + length) break;
      const atUs = Number(bytes.readBigUInt64BE(5));
      this.#onFrame(bytes[0] ?? 0, atUs, bytes.subarray(headerBytes, headerBytes + length));
      bytes = bytes.subarray(headerBytes + length);
    }
    this.#rest = bytes;
  }
}

export function parseExit(payload: Buffer): Exit {
  if (payload.length < exitBytes) throw new Error("The slot sent half a result.");
  return {
    reason: reasons[payload[0] ?? 4] ?? "failed",
    stage: payload[1] === 1 ? "compile" : "run",
    signalled: payload[2] === 1,
    code: payload[3] ?? 0,
    cpuMs: Number(payload.readBigUInt64BE(4)) / 1000,
    wallMs: Number(payload.readBigUInt64BE(12)) / 1000,
    memoryPeakBytes: Number(payload.readBigUInt64BE(20)),
    pidsPeak: payload.readUInt32BE(28),
    oomKills: payload.readUInt32BE(32),
    truncated: payload[36] === 1,
    problem: payload.subarray(exitBytes).toString("utf8"),
  };
}

export function bytesOf(value: RunBytes): Buffer {
  return typeof value === "string" ? Buffer.from(value, "utf8") : Buffer.from(value.base64, "base64");
}

/** Everything that a slot is told for one run, in one piece. */
export function requestFrames(language: Language, input: RunInput, handover: boolean): Buffer {
  const compiles = handover && language.boot?.compiles === true;
  const compile = (compiles ? undefined : language.compile?.(input)) ?? [];
  const run = language.run(input);
  const message = handover
    ? Buffer.from(input.args.map((word) => `${word}\0`).join(""), "utf8")
    : Buffer.alloc(0);
  const limits = Buffer.alloc(33);
  limits.writeUInt32BE(input.timeoutMs, 0);
  limits.writeUInt32BE(language.compileTimeoutMs, 4);
  limits.writeBigUInt64BE(BigInt(input.maxOutputBytes), 8);
  limits.writeUInt32BE(input.openFiles, 16);
  limits.writeUInt32BE(input.processes, 20);
  limits.writeBigUInt64BE(BigInt(input.fileSizeMb) * 1_048_576n, 24);
  limits.writeUInt8(compiles ? 2 : handover ? 1 : 0, 32);
  const messageLength = Buffer.alloc(4);
  messageLength.writeUInt32BE(message.length);
  const go = [limits, ...words(compile), ...words(run), messageLength, message];

  const files = { ...input.files, [language.fileName]: input.code };
  const parts = Object.entries(files).flatMap(([path, content]) => {
    const name = Buffer.from(path, "utf8");
    const length = Buffer.alloc(2);
    length.writeUInt16BE(name.length);
    return framed("F", [length, name, bytesOf(content)]);
  });
  parts.push(...framed("G", go));
  if (input.stdin !== undefined) parts.push(...framed("I", [bytesOf(input.stdin)]));
  parts.push(...framed("E", []));
  return Buffer.concat(parts);
}

function framed(type: "F" | "G" | "I" | "E", payload: readonly Buffer[]): Buffer[] {
  const header = Buffer.alloc(5);
  header.write(type, 0, "latin1");
  header.writeUInt32BE(
    payload.reduce((sum, part) => sum + part.length, 0),
    1,
  );
  return [header, ...payload];
}

function words(list: readonly string[]): Buffer[] {
  const count = Buffer.alloc(2);
  count.writeUInt16BE(list.length);
  return [
    count,
    ...list.flatMap((word) => {
      const text = Buffer.from(word, "utf8");
      const length = Buffer.alloc(2);
      length.writeUInt16BE(text.length);
      return [length, text];
    }),
  ];
}
