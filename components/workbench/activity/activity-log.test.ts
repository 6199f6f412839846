import { expect, it } from "vitest";
import { opened } from "./activity-log.ts";

const window = (title: string) => ({ id: 1, title, class: "Chromium", since: "" });

it("tells of windows that opened by their names, of many at once by the first", () => {
  expect(opened([window("Untitled - Chromium")])).toBe("A window opened: Chromium");
  expect(opened([window("€".repeat(200))])).toBe(`A window opened: ${"€".repeat(80)}…`);
  expect(opened(["a", "b", "c", "d", "e"].map(window))).toBe("5 windows opened: a, b, c and 2 more");
});
