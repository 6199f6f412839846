import { expect, it } from "vitest";
import { table, type Column } from "./table.ts";

interface Row {
  name: string;
  size: string;
}
const columns: Column<Row>[] = [
  { title: "NAME", value: ({ name }) => name, min: 6, paint: (text) => `<${text}>` },
  { title: "SIZE", value: ({ size }) => size, align: "right" },
  { title: "NOTE", value: () => "as it is" },
];

it("aligns columns, painting not counted", () => {
  const rows = [
    { name: "one", size: "5" },
    { name: "eleven", size: "1000" },
  ];
  expect(table(columns, rows)).toEqual([
    "NAME    SIZE  NOTE",
    "<one>        5  as it is",
    "<eleven>  1000  as it is",
  ]);
});

it("cuts what may be cut to fit, and nothing else", () => {
  const row = { name: "a-very-long-name-indeed", size: "12345" };
  expect(table(columns, [row], 30)[1]).toBe("<a-very-long-…>  12345  as it is");
  expect(table(columns, [row], 5)[1]).toBe("<a-ver…>  12345  as it is");
});

it("lets nothing from a cave steer the terminal", () => {
  const [, line] = table(columns, [{ name: "\x1b]0;owned\x07x\r\n\u202ey", size: "1" }]);
  expect(line).not.toMatch(/[\x00-\x1f\u202e]/);
});
