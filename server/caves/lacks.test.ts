import { expect, it, vi } from "vitest";
import { getCave } from "./get.ts";
import { openTestGateway } from "./testing/gateway.ts";
import { watchCaves } from "./watchers.ts";

it("tells what a cave's image is found to be without", async () => {
  await using gateway = await openTestGateway();
  const lacks = async (cave: string) => (await getCave(gateway.ann, { cave })).lacks;
  const asked = await gateway.create({ name: "foreign", image: "plain" }, { wait: "none" });
  expect(asked.lacks).toEqual([]); // nobody knows yet
  await gateway.create({ name: "ours" });
  await gateway.context.fleet.tasks.idle();
  expect(await lacks("foreign")).toEqual(["daemon"]);

  const leaving = new AbortController();
  const watching = watchCaves(gateway.context, leaving.signal);
  const told: unknown[] = [];
  using events = gateway.context.fleet.events.subscribe("all");
  void (async () => {
    for await (const { event } of events.entries(leaving.signal))
      if (event.type === "cave") told.push(event.cave.lacks);
  })();
  // A foreign image is watched by its own shell; this one has none.
  await vi.waitFor(async () => expect(await lacks("foreign")).toEqual(["daemon", "shell"]));
  await vi.waitFor(() => expect(told).toEqual([["daemon", "shell"]]));
  expect(await lacks("ours")).toEqual([]);
  leaving.abort();
  await watching;
});
