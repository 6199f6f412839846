import { AppError } from "../lib/app-error.ts";
import { frame, parseExit, requestFrames, type Exit } from "./frames.ts";
import type { Language } from "./languages.ts";
import type { Stream } from "./output.ts";
import type { WarmSlot } from "./warm-slot.ts";
import type { RunInput } from "#contract/run.ts";

export interface Driven {
  readonly exit: Exit;
  readonly writeMs: number;
  readonly runMs: number;
  readonly exitMs: number;
  /** It did not report, so its container must be ended. */
  readonly late: boolean;
}

/** The container went away under the run. */
export class SlotLost extends AppError {
  /** Whether it had begun with the code. */
  readonly began: boolean;

  constructor(why: string, began: boolean) {
    super("internal", "The container of the run broke.", { cause: new Error(why) });
    this.began = began;
  }
}

export interface DriveOptions {
  readonly warm: WarmSlot;
  readonly language: Language;
  readonly input: RunInput;
  readonly onOutput: (stream: Stream, atUs: number, bytes: Buffer) => void;
  /** Somebody wants it to end. */
  readonly cancelled: AbortSignal;
}

/** The slot's first process keeps the time. Should it not get to it, we do, so much later. */
const graceMs = 2_000;
const streams = new Map<number, Stream>([
  [frame.stdout, "stdout"],
  [frame.stderr, "stderr"],
  [frame.compiler, "compiler"],
]);

/** One request to one slot. Throws only when the slot broke, never for what the code did. */
export async function drive({ warm, language, input, onOutput, cancelled }: DriveOptions): Promise<Driven> {
  const { slot } = warm;
  const over = Promise.withResolvers<Exit>();
  let exitAt = 0;
  let bytes = 0;
  let began = false;
  warm.use({
    frame(type, atUs, payload) {
      began = true;
      const stream = streams.get(type);
      if (stream !== undefined) {
        bytes += payload.length;
        // The first process counts too; but it is it that would be wrong.
        if (bytes > input.maxOutputBytes) over.reject(new SlotLost("it sent more output than it may", began));
        else onOutput(stream, atUs, Buffer.from(payload));
      } else if (type === frame.exit) {
        exitAt = performance.now();
        over.resolve(parseExit(payload));
      }
    },
    end: () => over.reject(new SlotLost("it ended without a result", began)),
  });
  const overall = input.timeoutMs + (language.compile === undefined ? 0 : language.compileTimeoutMs);
  const startedAt = performance.now();
  const late = setTimeout(() => over.resolve(lateExit(performance.now() - startedAt)), overall + graceMs);
  const stop = () => {
    void slot.interrupt(AbortSignal.timeout(graceMs)).catch(() => undefined);
    setTimeout(
      () => over.resolve({ ...lateExit(performance.now() - startedAt), reason: "cancelled" }),
      graceMs,
    ).unref();
  };
  cancelled.addEventListener("abort", stop, { once: true });
  if (cancelled.aborted) stop();
  try {
    slot.write(requestFrames(language, input, canHandOver(language, input, warm)));
    const written = performance.now();
    const exit = await over.promise;
    const answeredAt = exitAt === 0 ? performance.now() : exitAt;
    const runMs = exit.wallMs;
    return {
      exit,
      writeMs: written - startedAt,
      runMs,
      // All that the code did not take: the way there and back through the engine.
      exitMs: Math.max(0, answeredAt - written - runMs),
      late: exitAt === 0,
    };
  } finally {
    clearTimeout(late);
    cancelled.removeEventListener("abort", stop);
  }
}

/** Whether the interpreter that waits is the one that this run needs. */
function canHandOver({ boot }: Language, { memoryMb }: RunInput, { limits }: WarmSlot): boolean {
  return boot !== undefined && (boot.sizedByMemory !== true || memoryMb === limits.memoryMb);
}

function lateExit(wallMs: number): Exit {
  return {
    reason: "timed-out",
    stage: "run",
    signalled: true,
    code: 9,
    cpuMs: 0,
    wallMs,
    memoryPeakBytes: 0,
    pidsPeak: 0,
    oomKills: 0,
    truncated: false,
    problem: "",
  };
}
