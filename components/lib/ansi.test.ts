import { expect, it } from "vitest";
import { piecesOf } from "./ansi.ts";

it("keeps colours and drops what else terminals are told", () => {
  expect(piecesOf("\x1b[2K\x1b[1;31merror\x1b[0m: \x1b]8;;http://x\x07link\x1b]8;;\x07\x07")).toEqual([
    { text: "error", style: { bold: true, color: "var(--danger)" } },
    { text: ": " },
    { text: "link" },
  ]);
});

it("knows the large palettes, and ends a colour without the rest", () => {
  expect(piecesOf("\x1b[1;38;5;196ma\x1b[39mb\x1b[48;2;1;2;300mc")).toEqual([
    { text: "a", style: { bold: true, color: "rgb(255 0 0)" } },
    { text: "b", style: { bold: true } },
    { text: "c", style: { bold: true, background: "rgb(1 2 44)" } },
  ]);
});

it("shows plain text as it is", () => expect(piecesOf("plain\ttext")).toEqual([{ text: "plain\ttext" }]));
