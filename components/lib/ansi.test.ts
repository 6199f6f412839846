import { expect, it } from "vitest";
import { markedPieces, piecesOf, plainText } from "./ansi.ts";

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

it("finds what is read, over the colours in it", () => {
  const line = "\x1b[32mtick\x1b[0m 0007 tick";
  expect(plainText(line)).toBe("tick 0007 tick");
  const marks = (wanted: string) =>
    markedPieces(piecesOf(line), wanted).map(({ text, marked }) => (marked ? `[${text}]` : text));
  expect(marks("ick 0")).toEqual(["t", "[ick]", "[ 0]", "007 tick"]);
  expect(marks("tick")).toEqual(["[tick]", " 0007 ", "[tick]"]);
  expect(marks("")).toEqual(["tick", " 0007 tick"]);
});
