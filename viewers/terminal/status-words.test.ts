import { expect, it } from "vitest";
import type { Phase } from "./session-state.ts";
import { actionOf, countdownOf, levelOf, wordsOf } from "./status-words.ts";

it.each<[Phase, boolean, string, string, string | undefined]>([
  [{ kind: "attached" }, true, "Connected", "good", undefined],
  [{ kind: "attached" }, false, "Watching: somebody else types", "watching", "Take control"],
  [
    { kind: "waiting", cause: "The connection broke off.", retryAt: 0 },
    true,
    "The connection broke off. Reconnecting",
    "waiting",
    "Try now",
  ],
  [{ kind: "exited", exit: { exitCode: 3 } }, true, "Ended with exit code 3", "ended", undefined],
  [
    { kind: "exited", exit: { exitCode: null, signal: "SIGHUP" } },
    true,
    "Ended by SIGHUP",
    "ended",
    undefined,
  ],
  [{ kind: "refused", cause: "No." }, false, "No.", "bad", "Try now"],
])("tells of %o", (phase, control, words, level, action) => {
  expect([wordsOf(phase, control), levelOf(phase, control), actionOf(phase, control)]).toEqual([
    words,
    level,
    action,
  ]);
});

it("counts down to the next try, and no further", () => {
  const phase: Phase = { kind: "waiting", cause: "", retryAt: 5_000 };
  expect([1_500, 4_999, 6_000].map((now) => countdownOf(phase, now))).toEqual(["in 4 s", "in 1 s", "now"]);
  expect(countdownOf({ kind: "attached" }, 0)).toBe("");
});
