import { expect, it } from "vitest";
import { SmallStack } from "./disposal.ts";

it.each([
  ["the language's own", () => new DisposableStack()],
  ["the small one", () => new SmallStack()],
])("ends what it was given once, in reverse, whatever one of them throws: %s", (_, make) => {
  const ended: string[] = [];
  const stack = make();
  stack.defer(() => ended.push("first"));
  stack.defer(() => {
    throw new Error("second");
  });
  const third = { [Symbol.dispose]: () => ended.push("third") };
  expect(stack.use(third)).toBe(third);
  stack.use(undefined);
  expect(() => {
    stack.dispose();
  }).toThrow("second");
  expect(ended).toEqual(["third", "first"]);
  stack.dispose();
  expect(stack.disposed).toBe(true);
  expect(() => {
    stack.defer(() => undefined);
  }).toThrow(ReferenceError);
});
