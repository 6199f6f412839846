import { clean } from "./style.ts";

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string;
  readonly align?: "right";
  /** Added after the width is known, so that colours do not count. */
  readonly paint?: (text: string, row: Row) => string;
  /** Narrowest it may become; without, it is never cut. */
  readonly min?: number;
}

/** Rows in columns. Where the terminal is too narrow, the widest columns that may be cut are, with an ellipsis. */
export function table<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width = Infinity,
  head: (text: string) => string = (text) => text,
): string[] {
  const cells = rows.map((row) => columns.map((column) => clean(column.value(row))));
  const widths = columns.map((column, i) =>
    Math.max(column.title.length, ...cells.map((row) => lengthOf(row[i] ?? ""))),
  );
  fit(widths, columns, width - 2 * (columns.length - 1));
  const line = (texts: readonly string[], row?: Row) =>
    texts
      .map((text, i) => {
        const column = columns[i];
        const shown = cut(text, widths[i] ?? 0);
        const gap = " ".repeat(Math.max(0, (widths[i] ?? 0) - lengthOf(shown)));
        const painted = row !== undefined && column?.paint ? column.paint(shown, row) : shown;
        if (column?.align === "right") return gap + painted;
        return i === columns.length - 1 ? painted : painted + gap;
      })
      .join("  ")
      .trimEnd();
  return [
    head(line(columns.map((column) => column.title))),
    ...rows.map((row, i) => line(cells[i] ?? [], row)),
  ];
}

function fit<Row>(widths: number[], columns: readonly Column<Row>[], room: number): void {
  const least = columns.map((column, i) =>
    column.min === undefined ? (widths[i] ?? 0) : Math.max(column.min, column.title.length),
  );
  let over = widths.reduce((sum, one) => sum + one, 0) - room;
  while (over > 0) {
    let widest = -1;
    for (const [i, one] of widths.entries())
      if (one > (least[i] ?? 0) && one > (widths[widest] ?? 0)) widest = i;
    if (widest < 0) return;
    widths[widest] = (widths[widest] ?? 0) - 1;
    over--;
  }
}

function cut(text: string, width: number): string {
  const characters = Array.from(text);
  return characters.length <= width ? text : `${characters.slice(0, Math.max(0, width - 1)).join("")}…`;
}

/** Pairs under each other, their values aligned. */
export function pairs(
  list: readonly (readonly [string, string])[],
  label: (text: string) => string,
): string[] {
  const width = Math.max(...list.map(([name]) => name.length));
  return list.map(([name, value]) => `${label(name.padEnd(width))}  ${value}`);
}

/** In characters, not in UTF-16 units. */
const lengthOf = (text: string): number => Array.from(text).length;
