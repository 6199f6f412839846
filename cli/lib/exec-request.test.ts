import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { commandLine, whatToRun } from "./exec-request.ts";

describe("what to run", () => {
  it("is a shell's line, code, or a program", () => {
    expect(whatToRun(["ls", "-l | wc"], undefined, undefined)).toEqual({ command: "ls -l | wc" });
    expect(whatToRun(["print(1)"], undefined, "python")).toEqual({ argv: ["python3", "-c", "print(1)"] });
    expect(whatToRun([], ["git", "-v"], undefined)).toEqual({ argv: ["git", "-v"] });
  });
  it("is one of them", () => {
    expect(() => whatToRun(["a"], ["b"], undefined)).toThrow();
    expect(() => whatToRun([], ["b"], "python")).toThrow();
    expect(() => whatToRun([], undefined, undefined)).toThrow("nothing to run");
    expect(() => whatToRun([], [], undefined)).toThrow("nothing to run");
  });
});

it("makes one shell line of a program, whatever is in its words", () => {
  const words = ["", "a b", "it's", '"$HOME"', "`id`", "new\nline", "\\", "*", "-n", "ü"];
  const line = commandLine({ argv: ["printf", "%s\\0", ...words] }, { WHO: "x y'z" });
  expect(execFileSync("sh", ["-c", line], { encoding: "utf8" }).split("\0").slice(0, -1)).toEqual(words);
  const shown = execFileSync("sh", ["-c", commandLine({ command: 'echo "$WHO"' }, { WHO: "x y'z" })], {
    encoding: "utf8",
  });
  expect(shown).toBe("x y'z\n");
});
