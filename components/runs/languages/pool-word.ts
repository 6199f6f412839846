import type { LanguageStatus } from "#contract/run.ts";

/** How soon a run of it begins, in a few words. */
export function poolWord({ ready, pool }: LanguageStatus): string {
  if (!ready) return "not built";
  if (pool.available > 0) return `${pool.available} warm`;
  if (pool.starting > 0) return "warming up";
  return "starts cold";
}

/** The same, whole. */
export function poolSentence({ ready, pool, build, title }: LanguageStatus): string {
  if (!ready) return `The image of ${title} is not on this engine yet. Build it: \`${build}\``;
  const waiting =
    pool.available === 0
      ? "No container waits: the next run starts one"
      : `${pool.available} ${pool.available === 1 ? "container waits" : "containers wait"} for code`;
  const more = pool.starting > 0 ? `, ${pool.starting} more on the way` : "";
  return `${waiting}${more}. ${pool.hits} runs found one waiting, ${pool.misses} did not.`;
}
