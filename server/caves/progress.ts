import type { Progress } from "#contract/cave.ts";

/** Tells how far a cave is on its way from nothing to ready. */
export type Report = (stage: Progress["stage"], status: Progress["status"], message?: string) => void;

export const silent: Report = () => undefined;

export function reporter(cave: string, onProgress: ((progress: Progress) => void) | undefined): Report {
  if (onProgress === undefined) return silent;
  const started = performance.now();
  return (stage, status, message) => {
    const elapsedMs = Math.round(performance.now() - started);
    onProgress({ cave, stage, status, ...(message !== undefined && { message }), elapsedMs });
  };
}

/** A stage from its start to its end; one that fails has no end. */
export async function staged<T>(
  report: Report,
  stage: Progress["stage"],
  work: () => Promise<T>,
): Promise<T> {
  report(stage, "started");
  const result = await work();
  report(stage, "done");
  return result;
}
