import { once } from "node:events";
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { pair } from "./pair.ts";

describe("two joined streams", () => {
  it("are over at once when both were closed before", async () => {
    const [client, target] = [new PassThrough(), new PassThrough()];
    const closed = [once(client, "close"), once(target, "close")];
    client.destroy();
    target.destroy();
    await Promise.all(closed);
    await expect(pair(client, target, { lingerMs: 1_000 })).resolves.toBeUndefined();
  });

  it("end together when one of them was closed before", async () => {
    const [client, target] = [new PassThrough(), new PassThrough()];
    client.destroy();
    await once(client, "close");
    await pair(client, target, { lingerMs: 1_000 });
    expect(target.destroyed).toBe(true);
  });
});
