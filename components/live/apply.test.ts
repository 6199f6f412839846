import { expect, it } from "vitest";
import { applyToCaves } from "./apply.ts";
import type { Cave } from "#contract/cave.ts";

it("follows how far a cave is, to the end", () => {
  const caves = [{ id: "one", name: "den" }, { id: "two" }] as Cave[];
  const starting = { stage: "image", since: "2030-01-01T00:00:00.000Z", line: "layer 3" } as const;
  const going = applyToCaves(caves, [{ type: "starting", caveId: "one", starting }]);
  expect(going).toEqual([{ id: "one", name: "den", starting }, { id: "two" }]);
  const over = applyToCaves(going, [{ type: "starting", caveId: "one" }]);
  expect(over).toEqual(caves);
  expect(over[0]).not.toHaveProperty("starting");
  expect(applyToCaves(caves, [{ type: "starting", caveId: "gone", starting }])).toBe(caves);
});
