import { expect, it } from "vitest";
import { Background } from "./background.ts";

it("waits for work that was added, for work that was added meanwhile, and survives failures", async () => {
  const background = new Background();
  const done: string[] = [];
  const first = Promise.withResolvers<undefined>();
  background.add(
    first.promise.then(() => {
      done.push("first");
      background.add(Promise.resolve().then(() => done.push("second")));
    }),
  );
  background.add(Promise.reject(new Error("nobody's")));
  const idle = background.idle();
  first.resolve(undefined);
  await idle;
  expect(done).toEqual(["first", "second"]);
});
