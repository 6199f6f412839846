import { expect, it } from "vitest";
import { duration, figuresOf, sentenceOf } from "./verdict.ts";
import { runDefaults } from "#contract/run-bounds.ts";
import type { Run } from "#contract/run.ts";

const run: Run = {
  ...{ id: "run-aaaaaaaaaaaaaaaa", language: "c", status: "ok", exitCode: 0, stdout: "", stderr: "" },
  encoding: { stdout: "utf8", stderr: "utf8" },
  ...{ truncated: false, cpuMs: 6.2, wallMs: 8.4, queueMs: 0.4, memoryPeakBytes: 9_542_042, pidsPeak: 1 },
  limits: { ...runDefaults, network: false },
  ...{ warm: true, image: "ghost/run:c", runtime: "runc", createdAt: "2026-11-01T00:00:00.000Z" },
};

it("says what a run cost in one line", () => {
  expect(figuresOf(run)).toBe("exit 0 · 8 ms wall · 6 ms cpu · 9.1 MB · warm");
  expect(figuresOf({ ...run, exitCode: null, signal: "SIGSEGV", queueMs: 1500, warm: false })).toBe(
    "SIGSEGV · 8 ms wall · 6 ms cpu · 9.1 MB · 1.50 s queued · cold start",
  );
  const never = { exitCode: null, wallMs: 0, cpuMs: 0, memoryPeakBytes: 0, queueMs: 0 };
  expect(figuresOf({ ...run, ...never, status: "internal_error" })).toBe("");
  expect([0.2, 999.7, 61_000].map(duration)).toEqual(["<1 ms", "1.00 s", "1 m 01 s"]);
});

it("says of every verdict what it means, with the limit that was met", () => {
  expect(sentenceOf({ ...run, status: "timeout" })).toContain("after 30 s");
  expect(sentenceOf({ ...run, status: "memory_limit" })).toContain("512 MB");
  expect(sentenceOf({ ...run, status: "memory_limit", stage: "compile" })).toContain("The compiler wanted");
  expect(sentenceOf({ ...run, status: "output_limit" })).toContain("1 MB");
  expect(sentenceOf({ ...run, status: "runtime_error", exitCode: 3 })).toContain("code 3");
  expect(sentenceOf({ ...run, status: "runtime_error", signal: "SIGSEGV" })).toContain("not its own");
  expect(sentenceOf({ ...run, status: "runtime_error", signal: "SIG42" })).toContain("SIG42");
  expect(sentenceOf({ ...run, status: "internal_error", reason: "The image is gone." })).toBe(
    "The image is gone. The program is not to blame.",
  );
});
