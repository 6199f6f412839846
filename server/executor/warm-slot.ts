import type { Slot, SlotEngine, SlotLimits, SlotSpec } from "../backends/slots.ts";
import { AppError } from "../lib/app-error.ts";
import { frame, FrameReader, parseExit } from "./frames.ts";

export interface SlotEvents {
  frame(type: number, atUs: number, payload: Buffer): void;
  /** Nothing more will come. */
  end(): void;
}

/** How long an interpreter may take until it waits. */
const bootMs = 30_000;

/** A slot that has said that it waits. It is used once. */
export class WarmSlot implements AsyncDisposable {
  readonly slot: Slot;
  readonly limits: SlotLimits;
  readonly readyInMs: number;
  /** Settles when the first process has ended or the engine has let go of it. */
  readonly ended: Promise<void>;
  #events: SlotEvents | undefined;
  #alive = true;

  private constructor(slot: Slot, limits: SlotLimits, readyInMs: number, ended: Promise<void>) {
    this.slot = slot;
    this.limits = limits;
    this.readyInMs = readyInMs;
    this.ended = ended;
  }

  /** From nothing to waiting. */
  static async start(engine: SlotEngine, spec: SlotSpec, signal: AbortSignal): Promise<WarmSlot> {
    const began = performance.now();
    const slot = await engine.start(spec, signal);
    const ready = Promise.withResolvers<undefined>();
    const ended = Promise.withResolvers<undefined>();
    const made: { warm?: WarmSlot } = {};
    const reader = new FrameReader((type, atUs, payload) => {
      if (made.warm) made.warm.#events?.frame(type, atUs, payload);
      else if (type === frame.ready) ready.resolve(undefined);
      else if (type === frame.exit) ready.reject(notBooted(parseExit(payload).problem));
    });
    slot.listen({
      data(chunk) {
        try {
          reader.push(chunk);
        } catch {
          void slot.remove(); // not our first process any more, whatever it is
        }
      },
      end() {
        ready.reject(notBooted("its first process ended"));
        ended.resolve(undefined);
        if (!made.warm) return;
        made.warm.#alive = false;
        made.warm.#events?.end();
      },
    });
    const late = setTimeout(() => ready.reject(notBooted("it did not get ready in time")), bootMs);
    const abort = () => ready.reject(signal.reason as Error);
    signal.addEventListener("abort", abort, { once: true });
    try {
      await ready.promise;
    } catch (error) {
      await slot.remove();
      throw error;
    } finally {
      clearTimeout(late);
      signal.removeEventListener("abort", abort);
    }
    made.warm = new WarmSlot(slot, spec.limits, performance.now() - began, ended.promise);
    return made.warm;
  }

  /** False once its connection is gone. */
  get alive(): boolean {
    return this.#alive;
  }

  use(events: SlotEvents): void {
    this.#events = events;
    if (!this.#alive) queueMicrotask(() => events.end());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#events = undefined;
    await this.slot.remove();
  }
}

const notBooted = (why: string) =>
  new AppError("internal", "A container for runs could not be started.", { cause: new Error(why) });
