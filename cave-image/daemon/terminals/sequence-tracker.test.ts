import { expect, it } from "vitest";
import { SequenceTracker } from "./sequence-tracker.ts";

it.each([
  ["plain", 5],
  ["a\x1b", 1],
  ["a\x1b[", 1],
  ["a\x1b[31;", 1],
  ["a\x1b[31m", 6],
  ["a\x1b]0;title", 1],
  ["a\x1b]0;title\x07", 11],
  ["a\x1b]0;title\x1b", 1],
  ["a\x1b]0;title\x1b\\", 12],
  ["a\x1bPq#0\x07", 1],
  ["a\x1bPq#0\x1b\\b", 9],
  ["a\x1b(", 1],
  ["a\x1b(B", 4],
  ["a\x1b[3\x18b", 6],
  ["a\x1b[3\x1b[", 4],
  ["a\xc3", 1],
  ["a\xc3\xa9", 3],
  ["a\xf0\x9f\x98", 1],
  ["a\xf0\x9f\x98\x80", 5],
  ["a\xc3b", 3],
  ["a\xff\x80", 3],
])("%j is complete up to %i", (text, complete) => {
  const whole = new SequenceTracker();
  whole.push(Buffer.from(text, "latin1"));
  expect(whole.complete).toBe(complete);
  const bytewise = new SequenceTracker();
  for (const byte of Buffer.from(text, "latin1")) bytewise.push(Buffer.of(byte));
  expect(bytewise.complete).toBe(complete);
});
