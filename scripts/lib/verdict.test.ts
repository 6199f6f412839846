import { describe, expect, it } from "vitest";
import { verdictOf } from "./verdict.ts";

describe("verdictOf", () => {
  it("is what the runner counted", () => {
    expect(verdictOf('{"numPassedTests":3,"numFailedTests":2}', 1)).toEqual({ passed: 3, failed: 2 });
    expect(verdictOf('{"numPassedTests":3,"numFailedTests":0}', 0)).toEqual({ passed: 3, failed: 0 });
  });

  it("counts a failure without a failed test: a file that does not load, a crash", () => {
    expect(verdictOf('{"numPassedTests":3,"numFailedTests":0}', 1)).toEqual({ passed: 3, failed: 1 });
    expect(verdictOf("", 134)).toEqual({ passed: 0, failed: 1 });
  });

  it("tells which tests failed and why, in a few lines each", () => {
    const report = {
      numPassedTests: 1,
      numFailedTests: 1,
      testResults: [
        { name: "green.test.ts", status: "passed", assertionResults: [{ status: "passed", fullName: "a" }] },
        {
          name: "red.test.ts",
          status: "failed",
          message: "",
          assertionResults: [
            { status: "failed", fullName: "sum adds", failureMessages: [`Error: 1\n${"at x\n".repeat(50)}`] },
          ],
        },
        { name: "broken.test.ts", status: "failed", message: "Cannot find module", assertionResults: [] },
      ],
    };
    const { failures = [] } = verdictOf(JSON.stringify(report), 1);
    expect(failures.map((failure) => failure.split("\n").slice(0, 2))).toEqual([
      ["red.test.ts: sum adds", "  Error: 1"],
      ["broken.test.ts", "  Cannot find module"],
    ]);
    expect(failures[0]?.split("\n")).toHaveLength(13);
  });
});
