import { expect, it } from "vitest";
import { readAtMost } from "./read-file.ts";

/** A body that never ends, as some files of /proc and /dev have it. */
function endless(headers: Record<string, string> = {}): { response: Response; sent: () => number } {
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent++;
      controller.enqueue(new Uint8Array(1000));
    },
  });
  return { response: new Response(body, { headers }), sent: () => sent };
}

it("reads what has no length no further than can be shown", async () => {
  const { response, sent } = endless();
  expect(await readAtMost(response, 10_000)).toBeUndefined();
  expect(sent()).toBeLessThan(20);
});

it("does not begin with what says that it is larger", async () => {
  const { response, sent } = endless({ "content-length": "99999999" });
  expect(await readAtMost(response, 10_000)).toBeUndefined();
  expect(sent()).toBeLessThan(3);
});

it("puts the parts together", async () => {
  expect(await readAtMost(new Response("hello"), 5)).toEqual(new TextEncoder().encode("hello"));
});
