import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { expect, it } from "vitest";
import { limits, newId, soon } from "../../backends/contract/fixture.ts";
import { createMemoryBackend } from "../../backends/memory/memory-backend.ts";
import { openBareGuest } from "./bare-guest.ts";

it("works on the memory backend too, so that other tests may use it", async () => {
  await using backend = createMemoryBackend({ instance: "bare" });
  const id = newId();
  const image = await backend.image("plain", soon());
  if (!image) throw new Error("There is no image.");
  await backend.create({ id, name: "bare", image, limits, network: { mode: "none" }, env: {} }, soon());
  await backend.start(id, soon());
  await using guest = openBareGuest({ id, backend });
  await guest.ready(soon());

  const body = Readable.from([Buffer.from("hello")]);
  const entry = await guest.writeFile("deep/a b", body, { mkdirs: true }, soon());
  expect(entry).toMatchObject({ path: "/workspace/deep/a b", sizeBytes: 5, kind: "file" });
  expect((await guest.listFolder("/workspace", 2, soon())).entries).toMatchObject([
    { path: "/workspace/deep", children: [entry] },
  ]);
  const { stream } = await guest.readFile("deep/a b", { range: { start: 1, end: 3 } }, soon());
  expect((await buffer(stream)).toString()).toBe("ell");

  const command = { command: "cat 'a b'; exit 3", cwd: "deep", maxOutputBytes: 100 };
  const events = await Array.fromAsync(await guest.exec(command, soon()));
  expect(events).toMatchObject([
    { kind: "stdout", data: Buffer.from("hello") },
    { kind: "exit", exit: { exitCode: 3, timedOut: false } },
  ]);
  await expect(guest.exec({ ...command, cwd: "none" }, soon())).rejects.toMatchObject({
    code: "working_directory",
  });
});
