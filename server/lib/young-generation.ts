import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";

/** Both halves: what the start makes of it. */
const enoughBytes = 32 * 2 ** 20;

/**
 * Keeps V8's young generation near a size that is enough. Left alone it grows to 128 MB, and a process that is busy for long holds all of it.
 * Forbidden to grow it is worse off: V8 shrinks it to 1 MB when the process has nothing to do, and one that is busy again in so little
 * collects garbage for half of its time (bench: relay).
 */
export function keepYoungGeneration(lookMs = 1_000): Disposable {
  let may: boolean | undefined;
  const look = () => {
    const mayGrow = youngBytes() < enoughBytes;
    if (mayGrow !== may) setFlagsFromString(`--semi-space-growth-factor=${mayGrow ? 2 : 1}`);
    may = mayGrow;
  };
  look();
  const timer = setInterval(look, lookMs).unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

export function youngBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space")?.space_size ?? 0;
}
