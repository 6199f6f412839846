import { describe, expect, it } from "vitest";
import type { PanelKind } from "../panels.ts";
import { placeFor, type Standing } from "./place-for.ts";

const panel = (kind: PanelKind, group: string, more: Partial<Standing> = {}): Standing => ({
  ...{ id: `${kind} in ${group}`, kind, group, front: true, docked: true, width: 600 },
  ...more,
});
const files = panel("files", "left", { width: 270 });
const terminal = panel("terminal", "middle");
const preview = panel("preview", "right");

describe("a file that is opened", () => {
  it("goes among the files that are open, or else to VS Code or a notebook", () => {
    const editor = panel("editor", "editors");
    expect(placeFor("editor", [files, terminal, preview, editor])).toEqual({ within: "editors" });
    expect(placeFor("editor", [terminal, panel("code", "code"), preview])).toEqual({ within: "code" });
    expect(placeFor("editor", [terminal, panel("jupyter", "lab")])).toEqual({ within: "lab" });
  });

  it.each(["preview", "desktop"] as const)("covers no %s that is watched", (kind) => {
    const seen = panel(kind, "right");
    const behind = panel("editor", "right", { front: false });
    expect(placeFor("editor", [files, terminal, seen])).toEqual({ beside: terminal.id, direction: "above" });
    expect(placeFor("editor", [files, terminal, behind, seen])).toMatchObject({ beside: terminal.id });
    expect(placeFor("editor", [files, seen])).toEqual({ beside: seen.id, direction: "left" });
    expect(placeFor("editor", [panel("terminal", "own", { docked: false }), seen])).toEqual({
      ...{ beside: seen.id, direction: "left" },
    });
  });

  it("may stand where a preview is behind another tab", () => {
    const group = [panel("preview", "right", { front: false }), panel("editor", "right")];
    expect(placeFor("editor", [files, terminal, ...group])).toEqual({ within: "right" });
  });

  it("stands to the right of a terminal that is wide enough for both", () => {
    const wide = { ...terminal, width: 1100 };
    expect(placeFor("editor", [files, wide])).toEqual({ beside: wide.id, direction: "right" });
  });

  it("stays out of windows that are for something else", () => {
    const away = panel("code", "window", { docked: false });
    expect(placeFor("editor", [terminal, away])).toMatchObject({ beside: terminal.id });
    expect(placeFor("editor", [terminal, panel("editor", "window", { docked: false })])).toEqual({
      ...{ within: "window" },
    });
  });
});

it("puts other panels beside their like, what is looked at together, and neither over the terminals", () => {
  const all = [files, terminal, preview];
  expect(placeFor("terminal", all)).toEqual({ within: "middle" });
  expect(placeFor("logs", all)).toEqual({ within: "middle" });
  expect(placeFor("desktop", all)).toEqual({ within: "right" });
  expect(placeFor("preview", [files, terminal])).toEqual({ beside: terminal.id, direction: "right" });
  expect(placeFor("desktop", [panel("preview", "window", { docked: false })])).toBeUndefined();
  expect(placeFor("logs", [files])).toBeUndefined();
});
