import { describe, expect, it } from "vitest";
import { parsePath, raw, show } from "./cave-path.ts";

describe("paths", () => {
  it.each([
    ["a", "/workspace/a"],
    ["/a/../../b/", "/b"],
    ["../..", "/"],
    ["zürich/日本", "/workspace/zürich/日本"],
    ["b:x", "/workspace/x"],
    ["./b:x", "/workspace/b:x"],
    ["b:/%7Aebra%20", "/zebra "],
    ["\ufeffbom", "/workspace/\ufeffbom"],
  ])("%s is %s", (given, shown) => {
    expect(show(parsePath(given))).toBe(shown);
  });

  it("keep bytes that are not UTF-8", () => {
    const path = parsePath("b:/a%FF%25 b".replace(" ", "%20"));
    expect(raw(path)).toEqual(Buffer.from("/a\xff% b", "latin1"));
    expect(show(path)).toBe("b:/a%FF%25%20b");
  });

  it.each(["", "a\0b", "b:", "b:%0", "b:%zz", "b:é", "b:a%00"])("%j is none", (given) => {
    expect(() => parsePath(given)).toThrow();
  });
});
