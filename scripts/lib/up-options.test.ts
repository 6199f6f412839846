import { describe, expect, it } from "vitest";
import { Failure } from "./failure.ts";
import { upOptions } from "./up-options.ts";

describe("upOptions", () => {
  it("has defaults", () => {
    expect(upOptions([], {})).toEqual({
      help: false,
      port: 8000,
      yes: false,
      detach: false,
      baseOnly: false,
    });
  });

  it("reads every option", () => {
    expect(upOptions(["--port", "9000", "--yes", "--detach", "--base-only"], {})).toEqual({
      help: false,
      port: 9000,
      yes: true,
      detach: true,
      baseOnly: true,
    });
    expect(upOptions(["-h"], {}).help).toBe(true);
  });

  it("prefers the option to the environment", () => {
    expect(upOptions([], { GHOST_PORT: "8100" }).port).toBe(8100);
    expect(upOptions(["--port=8200"], { GHOST_PORT: "8100" }).port).toBe(8200);
  });

  it.each(["0", "65536", "80a", "-1", "1e3", "3000@evil", ""])("refuses port %j", (port) => {
    expect(() => upOptions([`--port=${port}`], {})).toThrow(/is not a port/);
  });

  it("refuses what it does not know, and says what it knows", () => {
    expect(() => upOptions(["--prot", "1"], {})).toThrow(Failure);
    expect(() => upOptions(["something"], {})).toThrow(Failure);
  });
});
