import { expect, it } from "vitest";
import { ask } from "./run.ts";

it("answers with what a program says, not with its warnings", async () => {
  expect(await ask("sh", ["-c", "echo careful >&2; echo yes"])).toBe("yes");
  expect(await ask("sh", ["-c", "echo yes; exit 3"])).toBeUndefined();
  expect(await ask("no-such-program", [])).toBeUndefined();
});
