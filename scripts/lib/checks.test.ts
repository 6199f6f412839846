import { describe, expect, it } from "vitest";
import { runChecks, type Check } from "./checks.ts";
import { adviceFor } from "./images.ts";
import type { Setup } from "./setup.ts";

describe("runChecks", () => {
  const counting = (name: string, passed: number, failed: number): Check => ({
    name,
    verify: () => Promise.resolve({ passed, failed }),
  });

  it("sums up all lanes and stages, and goes on after what fails or throws", async () => {
    const said: string[] = [];
    const terminal = {
      live: () => undefined,
      line: (text = "") => said.push(text),
      failure: (error: unknown) => said.push(String(error)),
    };
    const red: Check = {
      name: "red",
      verify: () => Promise.resolve({ passed: 0, failed: 1, failures: ["b.test.ts: adds"] }),
    };
    const broken: Check = { name: "broken", verify: () => Promise.reject(new Error("no engine")) };
    const setup = { terminal, signal: new AbortController().signal } as unknown as Setup;
    const total = await runChecks(setup, [
      [[counting("a", 2, 1), red, broken], [counting("b", 3, 0)]],
      [[counting("c", 4, 0)]],
    ]);
    expect(total).toEqual({ passed: 9, failed: 3 });
    expect(said).toContain("Error: no engine");
    expect(said.at(-2)).toBe("\nWhat failed:\nb.test.ts: adds");
    expect(said.at(-1)).toMatch(/\n9 passed, 3 failed$/);
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
