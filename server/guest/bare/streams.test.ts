import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { feed } from "../../lib/feed.ts";
import { collect, readableOf, records, splitAt, type Bytes } from "./streams.ts";

async function* pieces(...texts: string[]): AsyncGenerator<Buffer> {
  for (const each of texts) yield await Promise.resolve(Buffer.from(each));
}

const all = async (source: Bytes) => (await collect(source, 1000, "refuse")).toString();

describe("splitAt", () => {
  it("finds a mark across pieces and gives what follows", async () => {
    const { head, found, rest } = await splitAt(pieces("warn", "ing MA", "RKfirst", " second"), "MARK", 100);
    expect([head.toString(), found, await all(rest)]).toEqual(["warning ", true, "first second"]);
  });

  it("gives all there was when the mark never came", async () => {
    const { head, found, rest } = await splitAt(pieces("no ", "mark"), "MARK", 100);
    expect([head.toString(), found, await all(rest)]).toEqual(["no mark", false, ""]);
  });

  it("does not look for ever", async () => {
    let closed = false;
    const endless = (async function* () {
      try {
        for (;;) yield await Promise.resolve(Buffer.alloc(10));
      } finally {
        closed = true;
      }
    })();
    expect((await splitAt(endless, "MARK", 100)).found).toBe(false);
    expect(closed).toBe(true);
  });
});

it("cuts records at a token, wherever the pieces end", async () => {
  const found: string[] = [];
  for await (const record of records(pieces("TO", "KENa\nb\nTOKE", "Nc\n"), "TOKEN")) found.push(record);
  expect(found).toEqual(["a\nb", "c"]);
});

it("drops or refuses what is too much", async () => {
  expect((await collect(pieces("abc", "def"), 4, "drop")).toString()).toBe("abcd");
  await expect(collect(pieces("abc", "def"), 4, "refuse")).rejects.toThrow(/more than/);
});

it("closes when it is left and passes errors on", async () => {
  let closed = 0;
  const close = () => {
    closed++;
    return Promise.resolve();
  };
  expect(await text(readableOf(pieces("a", "b"), close))).toBe("ab");
  readableOf(pieces("a"), close).destroy();
  const broken = Readable.from([]).map(() => "x");
  broken.destroy(new Error("broken"));
  await expect(text(readableOf(broken as unknown as Bytes, close))).rejects.toThrow();
  expect(closed).toBe(3);
});

it("feeds without closing either side", async () => {
  const sink = new PassThrough();
  await feed(Readable.from(["a", "b"]), sink, AbortSignal.timeout(1000));
  sink.end("c");
  expect(await text(sink)).toBe("abc");
  const stopped = new PassThrough();
  await expect(feed(stopped, new PassThrough(), AbortSignal.abort())).rejects.toThrow(/abort/i);
  expect(stopped.destroyed).toBe(false);
});
