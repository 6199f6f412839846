import { describe, expect, it } from "vitest";
import { verdictOf } from "./checks.ts";
import { adviceFor } from "./images.ts";

describe("verdictOf", () => {
  it("is what the runner counted", () => {
    expect(verdictOf('{"numPassedTests":3,"numFailedTests":2}', 1)).toEqual({ passed: 3, failed: 2 });
    expect(verdictOf('{"numPassedTests":3,"numFailedTests":0}', 0)).toEqual({ passed: 3, failed: 0 });
  });

  it("counts a failure without a failed test: a file that does not load, a crash", () => {
    expect(verdictOf('{"numPassedTests":3,"numFailedTests":0}', 1)).toEqual({ passed: 3, failed: 1 });
    expect(verdictOf("", 134)).toEqual({ passed: 0, failed: 1 });
  });
});

describe("adviceFor", () => {
  it.each([
    ["write /x: no space left on device", /disk is full/],
    ["npm error code SELF_SIGNED_CERT_IN_CHAIN", /ca-certificates/],
    ["Temporary failure resolving 'deb.debian.org'", /DNS/],
    ["something new", /again/],
  ])("%s", (output, advice) => {
    expect(adviceFor(output)).toMatch(advice);
  });
});
