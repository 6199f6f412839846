import headless from "@xterm/headless";
import { expect, it } from "vitest";
import { Screen } from "./screen.ts";

const { Terminal } = headless;

function screen(cols = 20, rows = 6): Screen {
  return new Screen(cols, rows, { title: () => undefined, reply: () => undefined, drain: () => undefined });
}

async function shownAfter(...writes: string[]): Promise<string> {
  const terminal = new Terminal({ cols: 20, rows: 6, allowProposedApi: true });
  for (const text of writes) await new Promise<void>((resolve) => terminal.write(text, resolve));
  const { active } = terminal.buffer;
  const lines = Array.from({ length: 6 }, (_, y) =>
    active.getLine(active.baseY + y)?.translateToString(true),
  );
  return `${active.type} ${active.cursorX},${active.cursorY}\n${lines.join("\n")}`;
}

it.each([
  ["text and colours", "one\r\n\x1b[1;31mtwo\x1b[0m", "three"],
  ["the alternate screen", "shell$ vi\r\n\x1b[?1049h\x1b[2J\x1b[3;4Hhere", "!\x1b[?1049lback"],
  ["margins", "\x1b[2;4r\x1b[4;1Hbottom", "\r\nnext\r\nlast"],
  ["margins that are taken back", "\x1b[2;4r\x1b[r\x1b[6;1Hbottom", "\r\nnext"],
  ["a hidden cursor and mouse encodings", "\x1b[?25l\x1b[?1000h\x1b[?1006hx", "\x1b[?25hy"],
  ["half a sequence", "abc\x1b[3", "1mred"],
  ["half a character", "a\u00e9", "b"],
])("a screen stands for the output before it: %s", async (_, before, after) => {
  const live = screen();
  const bytes = Buffer.from(before);
  live.push(bytes, false);
  const { offset, screen: shown } = await live.snapshot();
  expect(await shownAfter(shown, bytes.subarray(offset).toString(), after)).toBe(
    await shownAfter(before, after),
  );
});

it("carries the modes that a program has set", async () => {
  const live = screen();
  live.push(Buffer.from("\x1b[?25l\x1b[?1002h\x1b[?1006h\x1b[?2004h\x1b[5 q\x1b[2;3r"), false);
  const { screen: shown } = await live.snapshot();
  for (const mode of ["\x1b[?25l", "\x1b[?1002h", "\x1b[?1006h", "\x1b[?2004h", "\x1b[5 q", "\x1b[2;3r"])
    expect(shown).toContain(mode);
  live.push(Buffer.from("\x1bc"), false);
  expect((await live.snapshot()).screen).toBe("");
});
