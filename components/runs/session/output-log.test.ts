import { expect, it } from "vitest";
import { OutputLog } from "./output-log.ts";

const shown = (log: OutputLog) =>
  log.lines.map(({ stream, text }) => `${stream === "stderr" ? "!" : ""}${text}`);

it("puts lines together from pieces, and tells the streams apart", () => {
  const log = new OutputLog();
  for (const text of ["one\ntw", "o", "\n\nfour\n"]) log.write("stdout", text);
  log.write("stdout", "half");
  log.write("stderr", "trouble\n");
  log.write("stdout", "other half\n");
  expect(shown(log)).toEqual(["one", "two", "", "four", "half", "!trouble", "other half"]);
});

it("shows the last state of a line that is written over, and keeps Windows' line ends out", () => {
  const log = new OutputLog();
  for (const text of ["10 %", "\r20 %", "\r", "30 %\ndone\r\n", "end\r", "\nlast"]) log.write("stdout", text);
  expect(shown(log).map((line) => line.replace(/\r$/, ""))).toEqual(["30 %", "done", "end", "last"]);
});

it("carries a colour over lines, for each stream its own", () => {
  const log = new OutputLog();
  log.write("stdout", "\x1b[31mred\nstill");
  log.write("stderr", "plain\n");
  log.write("stdout", " red\n\x1b[0m\nplain\n");
  expect(log.lines.map(({ style }) => style.color)).toEqual([
    ...[undefined, "var(--danger)", undefined, "var(--danger)", "var(--danger)", undefined],
  ]);
});

it("keeps no more than it can show, however much and however long", () => {
  const log = new OutputLog();
  for (let at = 0; at < 50; at++) log.write("stdout", "line\n".repeat(1000));
  expect(log.lines.length).toBeLessThanOrEqual(20_000);
  expect(log.lines.length + log.dropped).toBe(50_000);
  const long = new OutputLog();
  long.write("stdout", "x".repeat(5000));
  long.write("stdout", "y\nz");
  expect(long.lines.map(({ text }) => text.length)).toEqual([2000, 2000, 1001, 1]);
  for (let at = 0; at < 10; at++) long.write("stdout", "x".repeat(1_000_000));
  expect(long.lines.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThanOrEqual(4_000_000);
});
