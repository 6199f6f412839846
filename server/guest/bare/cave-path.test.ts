import { describe, expect, it } from "vitest";
import { argumentOf, join, nameOf, parsePath, show } from "./cave-path.ts";

describe("paths", () => {
  it.each([
    ["a", "/workspace/a"],
    ["../../etc/./x", "/etc/x"],
    ["/", "/"],
    ["ünï", "/workspace/ünï"],
    ["b:a%20b", "/workspace/a b"],
    ["b:%FF/x", "b:/workspace/%FF/x"],
    ["b:/%C3%BC", "/ü"],
  ])("reads %j as %j", (given, shown) => {
    expect(show(parsePath(given))).toBe(shown);
    expect(parsePath(show(parsePath(given)))).toBe(parsePath(given));
  });

  it.each(["", "a\0", "b:", "b:%00", "b:%4", "b:ü"])("refuses %j", (given) => {
    expect(() => parsePath(given)).toThrow(expect.objectContaining({ code: "invalid_input" }));
  });

  it.each([
    ["/workspace", "."],
    ["-rf", "./-rf"],
    ["a\nb 'c' \\0101 $x", "./a\\0012b\\0040\\0047c\\0047\\0040\\01340101\\0040\\0044x"],
    ["/etc/passwd", "/etc/passwd"],
    ["/workspaces", "/workspaces"],
    ["b:%FF", "./\\0377"],
  ])("hands %j to scripts as %j", (given, argument) => {
    expect(argumentOf(parsePath(given))).toBe(argument);
  });

  it("joins names of bytes", () => {
    const child = join(parsePath("b:%FE"), "\xff");
    expect([show(child), show(nameOf(child))]).toEqual(["b:/workspace/%FE/%FF", "b:%FF"]);
  });
});
