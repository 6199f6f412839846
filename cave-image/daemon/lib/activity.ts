import { tidySoon } from "./tidy.ts";
import type { Activity } from "#contract/cave.ts";

let last: Activity = { at: new Date().toISOString(), what: "start" };

/** Somebody did something in the cave. An open connection alone is nothing. */
export function noteActivity(what: string): void {
  tidySoon();
  last = { at: new Date().toISOString(), what };
}

export function lastActivity(): Activity {
  return last;
}
