import type { Shell } from "./shell.ts";

const keptMs = 60_000;

/** Bytes on disk of the workspace, which is all that a cave of a foreign image keeps. Counted at most once a minute. */
export function diskUsage(shell: Shell): (signal: AbortSignal) => Promise<number> {
  let known: { at: number; bytes: number } | undefined;
  return async (signal) => {
    if (known && performance.now() - known.at < keptMs) return known.bytes;
    // What another user of the cave keeps for itself cannot be counted.
    const answer = await shell.run("du -sk . 2>/dev/null || :", [], signal);
    known = { at: performance.now(), bytes: (Number.parseInt(answer.toString(), 10) || 0) * 1024 };
    return known.bytes;
  };
}
