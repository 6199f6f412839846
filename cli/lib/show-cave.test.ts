import { expect, it } from "vitest";
import { showCave } from "./show-cave.ts";
import { styleFor } from "./style.ts";
import { Cave, defaultLimits } from "#contract/cave.ts";

it("tells how far a cave is that is being made, and lets nothing steer the terminal", () => {
  const at = "2030-01-01T00:00:00.000Z";
  const cave = Cave.parse({
    ...{ id: `cave-${"a".repeat(16)}`, name: "den", owner: "ann", backend: "docker", image: "python:3.12" },
    ...{
      limits: defaultLimits,
      network: { mode: "open" },
      env: {},
      secrets: [],
      services: {},
      lacks: [],
      ports: [],
    },
    ...{ createdAt: at, lastActivity: { at, what: "created" }, state: "creating" },
    starting: { stage: "image", since: at, line: "layer\u001b[2J 3" },
  });
  const lines = showCave(cave, styleFor({}, {}), Date.parse(at) + 12_000);
  expect(lines.find((line) => line.startsWith("starting"))).toMatch(
    /^starting +Getting the image, 12s: layer 3$/,
  );
});
