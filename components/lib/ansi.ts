export interface Style {
  readonly color?: string;
  readonly background?: string;
  readonly bold?: true;
  readonly dim?: true;
}

export const plain: Style = {};

/** A piece of a line in one style. */
export interface Piece {
  readonly text: string;
  readonly style?: Style;
}

const base = [
  ...["var(--n10)", "var(--danger)", "var(--ok)", "var(--warn)"],
  ...["var(--busy)", "var(--asleep)", "var(--accent-ink)", "var(--n11)"],
];
const sequence =
  /\x1b(?:\[([0-9;:]*)([@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])|[\x00-\x08\x0b-\x1f\x7f]/g;

/** Colours of a line as the programs meant them, from the style the line before left; what else terminals are told is left out. */
export function piecesOf(line: string, before: Style = plain): readonly Piece[] {
  const pieces: Piece[] = [];
  let style = before;
  let at = 0;
  const push = (text: string) => {
    if (text !== "") pieces.push(Object.keys(style).length > 0 ? { text, style } : { text });
  };
  for (const match of line.matchAll(sequence)) {
    push(line.slice(at, match.index));
    at = match.index + match[0].length;
    if (match[2] === "m") style = apply(style, (match[1] ?? "").split(/[;:]/).map(Number));
  }
  push(line.slice(at));
  return pieces;
}

/** What is read of a line: what terminals are told in it is left out. */
export const plainText = (line: string): string =>
  line.includes("\x1b") ? line.replace(sequence, "") : line;

/** The same pieces, cut where what is looked for begins and ends, whatever the case of its letters. */
export function markedPieces(
  pieces: readonly Piece[],
  wanted: string,
): readonly (Piece & { marked: boolean })[] {
  if (wanted === "") return pieces.map((piece) => ({ ...piece, marked: false }));
  const whole = pieces.map(({ text }) => text.toLowerCase()).join("");
  const cuts: number[] = [];
  for (let at = whole.indexOf(wanted); at >= 0; at = whole.indexOf(wanted, at + wanted.length))
    cuts.push(at, at + wanted.length);
  let from = 0;
  return pieces.flatMap((piece) => {
    const [begin, end] = [from, (from += piece.text.length)];
    const edges = [begin, ...cuts.filter((cut) => cut > begin && cut < end), end];
    return edges.slice(1).map((edge, index) => {
      const start = edges[index] ?? begin;
      const text = piece.text.slice(start - begin, edge - begin);
      return { ...piece, text, marked: cuts.filter((cut) => cut <= start).length % 2 === 1 };
    });
  });
}

/** What style a line leaves to the next. */
export function styleAfter(line: string, before: Style): Style {
  if (!line.includes("\x1b")) return before;
  let style = before;
  for (const [, codes = "", kind] of line.matchAll(sequence))
    if (kind === "m") style = apply(style, codes.split(/[;:]/).map(Number));
  return style;
}

function apply(before: Style, codes: readonly number[]): Style {
  let style = { ...before };
  for (let index = 0; index < codes.length; index++) {
    const code = codes[index] ?? 0;
    if (code === 0) style = {};
    else if (code === 1) style = { ...style, bold: true };
    else if (code === 2) style = { ...style, dim: true };
    else if (code === 22) style = without(style, "bold", "dim");
    else if (code === 39) style = without(style, "color");
    else if (code === 49) style = without(style, "background");
    else if (code === 38 || code === 48) {
      const { value, used } = extended(codes.slice(index + 1));
      index += used;
      if (value !== undefined) style = { ...style, [code === 38 ? "color" : "background"]: value };
    } else {
      const colour = base[code % 10];
      if (colour === undefined) continue;
      if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) style = { ...style, color: colour };
      else if ((code >= 40 && code <= 47) || (code >= 100 && code <= 107))
        style = { ...style, background: colour };
    }
  }
  return style;
}

function without(style: Style, ...keys: (keyof Style)[]): Style {
  return Object.fromEntries(Object.entries(style).filter(([key]) => !keys.includes(key as keyof Style)));
}

function extended([kind, a = 0, b = 0, c = 0]: readonly number[]): { value?: string; used: number } {
  if (kind === 2) return { value: `rgb(${a & 255} ${b & 255} ${c & 255})`, used: 4 };
  if (kind !== 5) return { used: 1 };
  if (a < 16) return { value: base[a % 8] ?? "inherit", used: 2 };
  if (a >= 232)
    return {
      value: `rgb(${Array(3)
        .fill(8 + (a - 232) * 10)
        .join(" ")})`,
      used: 2,
    };
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40);
  const cube = a - 16;
  return {
    value: `rgb(${level(Math.floor(cube / 36))} ${level(Math.floor(cube / 6) % 6)} ${level(cube % 6)})`,
    used: 2,
  };
}
