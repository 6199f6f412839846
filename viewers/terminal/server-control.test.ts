import { expect, it } from "vitest";
import { readControl, shownTitle } from "./server-control.ts";

it("keeps what makes sense", () => {
  const attached = {
    ...{ type: "attached", offset: 12, cols: 80, rows: 24, viewers: 2, control: true, resumed: false },
  } as const;
  expect(readControl(JSON.stringify(attached))).toEqual(attached);
  expect(readControl('{"type":"exit","exitCode":3}')).toEqual({ type: "exit", exitCode: 3 });
  expect(readControl('{"type":"exit","exitCode":null,"signal":"SIGTERM"}')).toEqual({
    ...{ type: "exit", exitCode: null, signal: "SIGTERM" },
  });
});

it("gives no size that would take the page down", () => {
  expect(readControl('{"type":"size","cols":1e12,"rows":-4}')).toEqual({ type: "size", cols: 1000, rows: 1 });
  expect(readControl('{"type":"size","cols":"x","rows":null}')).toEqual({ type: "size", cols: 1, rows: 1 });
});

it.each(["", "{", "null", "7", '{"type":"reload"}', '{"type":{}}'])("ignores %s", (text) =>
  expect(readControl(text)).toBeUndefined(),
);

it("shows titles as one short line in its own direction", () => {
  expect(shownTitle("a\x1b[31m\n\tb\u202Egpj.exe")).toBe("a [31m bgpj.exe");
  expect(shownTitle("x".repeat(10_000))).toHaveLength(120);
});
