import { expect, it } from "vitest";
import { presetsFor } from "./dock/presets.ts";
import { panelsFor } from "./panels.ts";
import type { Cave } from "#contract/cave.ts";

const offered = (cave: Pick<Cave, "lacks"> & Partial<Cave>) =>
  panelsFor({ services: {}, ...cave } as Cave, () => true).map(({ kind }) => kind);

it("offers the panels that a cave's image has what they need for", () => {
  const always = ["preview", "ports", "logs", "metrics", "activity"];
  expect(offered({ lacks: ["daemon", "shell"] })).toEqual(always);
  expect(new Set(offered({ lacks: ["daemon"] }))).toEqual(new Set([...always, "files", "processes"]));
  const whole = offered({ lacks: [] });
  expect(whole).toContain("terminal");
  expect(whole).not.toContain("desktop");
  const desktop = { state: "stopped", since: "" } as const;
  expect(offered({ lacks: [], services: { desktop } })).toContain("desktop");
  expect(presetsFor({ lacks: ["daemon"] }).map(({ name }) => name)).not.toContain("terminal");
});
