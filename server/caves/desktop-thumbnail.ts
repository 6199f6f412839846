import type { Call } from "../context.ts";
import type { Guest } from "../guest/guest.ts";
import { enterCave } from "./enter.ts";

/** A page of caves asks for many of these, again and again, and so do several who look at it. */
const freshMs = 2_000;
const withinMs = 10_000;

interface Shot {
  readonly since: number;
  readonly image: Promise<Buffer>;
}

/** By width; gone with the guest, which is one running of a cave. */
const shots = new WeakMap<Guest, Map<number, Shot>>();

/** A JPEG of the desktop, at most two seconds old. Looking is no activity, and starts nothing. */
export async function desktopThumbnail(
  call: Call,
  { cave, width }: { cave: string; width: number },
  signal: AbortSignal,
): Promise<Buffer> {
  const { guest } = await enterCave(call, { cave, scope: "caves:exec" }, signal);
  const now = performance.now();
  const known = shots.get(guest) ?? new Map<number, Shot>();
  shots.set(guest, known);
  for (const [at, { since }] of known) if (now - since > freshMs) known.delete(at);
  let shot = known.get(width);
  if (shot === undefined) {
    // Of all who wait for it: none of them ends it.
    shot = { since: now, image: guest.desktopThumbnail(width, AbortSignal.timeout(withinMs)) };
    known.set(width, shot);
    shot.image.catch(() => known.delete(width));
  }
  return unless(signal, shot.image);
}

async function unless<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  using stack = new DisposableStack();
  const aborted = new Promise<never>((_, reject) => {
    const abort = () => reject(signal.reason as Error);
    signal.addEventListener("abort", abort, { once: true });
    stack.defer(() => signal.removeEventListener("abort", abort));
  });
  return await Promise.race([work, aborted]);
}
