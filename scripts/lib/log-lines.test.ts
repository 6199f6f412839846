import { describe, expect, it } from "vitest";
import { humanLine } from "./log-lines.ts";

const entry = (fields: object): string =>
  JSON.stringify({ level: 30, time: new Date(2026, 0, 1, 12, 3, 4).toISOString(), ...fields });

describe("humanLine", () => {
  it("is time and message", () => {
    expect(humanLine(entry({ msg: "listening" }))).toBe("12:03:04 listening");
  });

  it("names what is worse than information, with its reason", () => {
    expect(humanLine(entry({ level: 50, msg: "no engine", err: { message: "connect ENOENT" } }))).toBe(
      "12:03:04 error: no engine (connect ENOENT)",
    );
  });

  it("leaves single requests and debugging to the file", () => {
    expect(humanLine(entry({ msg: "GET /health", request: "r1" }))).toBeUndefined();
    expect(humanLine(entry({ level: 20, msg: "detail" }))).toBeUndefined();
  });

  it("passes on what is no log entry", () => {
    expect(humanLine("Error: Cannot find module")).toBe("Error: Cannot find module");
    expect(humanLine("")).toBeUndefined();
  });
});
