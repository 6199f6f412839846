import type { Activity } from "#contract/cave.ts";

let last: Activity = { at: new Date().toISOString(), what: "start" };
const listeners = new Set<(activity: Activity) => void>();

/** Somebody did something in the cave. An open connection alone is nothing. */
export function noteActivity(what: string): void {
  last = { at: new Date().toISOString(), what };
  for (const listener of listeners) listener(last);
}

export function lastActivity(): Activity {
  return last;
}

export function onActivity(listener: (activity: Activity) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
