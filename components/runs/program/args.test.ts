import { expect, it } from "vitest";
import { joinArgs, splitArgs } from "./args.ts";

it("reads words as a shell does, without expanding anything", () => {
  expect(splitArgs(`  one "two words" 'it''s' a\\ b "say \\"hi\\"" '' $HOME *`)).toEqual([
    ...["one", "two words", "its", "a b", 'say "hi"', "", "$HOME", "*"],
  ]);
  expect(splitArgs("")).toEqual([]);
  expect(() => splitArgs(`"open`)).toThrow("has no end");
});

it("writes words so that they are read back", () => {
  const words = ["plain", "two words", "", `quo'te"s`, "back\\slash", "line\nbreak", "ünï"];
  expect(splitArgs(joinArgs(words))).toEqual(words);
});
