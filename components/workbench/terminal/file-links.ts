import type { IBufferLine, ILink, ILinkProvider, Terminal } from "@xterm/xterm";
import { localUrl } from "./local-url.ts";

interface Actions {
  edit(path: string, line?: number, column?: number): void;
  preview(url: string): void;
}

export interface TextLink {
  readonly text: string;
  readonly at: number;
  readonly target:
    { kind: "file"; path: string; line?: number; column?: number } | { kind: "address"; url: string };
}

const address = /(?<![\w/.:-])(?:localhost|127\.0\.0\.1|0\.0\.0\.0):\d{2,5}(?:\/[^\s"'<>)\]]*)?/g;
const file =
  /(?<![\w/.:@-])((?:\/workspace|\/home|\/tmp|\/etc|\/opt|\/usr|\/var|\.{1,2}|[\w@.-]+)(?:\/[\w@.+-]+)*\/?[\w@+-]*\.[A-Za-z]\w{0,9})(?:[:(](\d{1,7})(?:[:,](\d{1,5}))?\)?)?/g;
/** A bare `name.ext` is a file only with a line behind it: prose is full of words with dots. */
const isPlain = (path: string) => !path.includes("/");

/** Paths and addresses in one line of output. */
export function linksIn(line: string): TextLink[] {
  const found: TextLink[] = [];
  for (const match of line.matchAll(address)) {
    const text = match[0].replace(/[.,;:]+$/, "");
    if (localUrl(text)) found.push({ text, at: match.index, target: { kind: "address", url: text } });
  }
  for (const match of line.matchAll(file)) {
    const [text, path = "", row, column] = match;
    if (isPlain(path) && row === undefined) continue;
    if (
      found.some(({ at, text: other }) => match.index < at + other.length && at < match.index + text.length)
    )
      continue;
    found.push({
      text,
      at: match.index,
      target: {
        kind: "file",
        path,
        ...(row !== undefined && { line: Number(row) }),
        ...(column !== undefined && { column: Number(column) }),
      },
    });
  }
  return found;
}

/** Makes them links: a path opens the file, an address of the cave its preview. */
export function fileLinks(terminal: Terminal, actions: Actions): ILinkProvider {
  return {
    provideLinks(row, callback) {
      const line = terminal.buffer.active.getLine(row - 1);
      const columns = columnsOf(line);
      const links = linksIn(line?.translateToString(true) ?? "").map(({ text, at, target }): ILink => ({
        text,
        range: {
          start: { x: (columns[at] ?? at) + 1, y: row },
          end: { x: (columns[at + text.length - 1] ?? at + text.length - 1) + 1, y: row },
        },
        activate: () => {
          if (target.kind === "file") actions.edit(target.path, target.line, target.column);
          else actions.preview(target.url);
        },
      }));
      callback(links.length > 0 ? links : undefined);
    },
  };
}

/** The column of each character of the line's text: some take two, and some are more than one character in one. */
function columnsOf(line: IBufferLine | undefined): number[] {
  const columns: number[] = [];
  for (let x = 0; line !== undefined && x < line.length; x++) {
    const cell = line.getCell(x);
    if (cell === undefined || cell.getWidth() === 0) continue;
    for (let left = Math.max(1, cell.getChars().length); left > 0; left--) columns.push(x);
  }
  return columns;
}
