import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMemoryBackend } from "../backends/memory/memory-backend.ts";
import { openImages } from "./images.ts";
import type { ImageBuild } from "#contract/system.ts";

const never = new AbortController().signal;
let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ghost-images-"));
  file = join(folder, "images.json");
});
afterEach(() => rm(folder, { recursive: true }));

const write = (content: unknown) =>
  writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
/** No process has this id: it is beyond the kernel's largest. */
const dead = 2 ** 22 + 1;
const image = "ghost/cave:base";

describe("list", () => {
  it.each(["", "nonsense", "[]", "null", '{"base": 7, "full": {"state": "odd"}}'])(
    "says that nothing is built of %j",
    async (content) => {
      await write(content);
      expect(openImages({ file }).list()).toEqual([
        { flavor: "base", image: "ghost/cave:base", state: "missing" },
        { flavor: "full", image: "ghost/cave:full", state: "missing" },
      ]);
    },
  );

  it("says what the builder says, without what it cannot know", async () => {
    await write({
      base: {
        state: "building",
        image,
        step: 7,
        steps: 20,
        line: "RUN x",
        startedAt: "yesterday",
        builder: process.pid,
      },
    });
    expect(openImages({ file }).list()[0]).toEqual({
      flavor: "base",
      image,
      state: "building",
      step: 7,
      steps: 20,
      line: "RUN x",
    });
  });

  it("has the executor's images once somebody has begun with them, and nothing else", async () => {
    const forRuns = { state: "ready", image: "ghost/run:python" };
    await write({ "run:python": forRuns, "run:../x": forRuns, "run:odd": 7, other: forRuns });
    expect(openImages({ file }).list().slice(2)).toEqual([{ flavor: "run:python", ...forRuns }]);
  });

  it("takes a build whose builder died for failed", async () => {
    await write({ base: { state: "building", image, builder: dead } });
    expect(openImages({ file }).list()[0]).toMatchObject({ state: "failed" });
  });
});

describe("waitFor", () => {
  it("tells progress until the image is ready", async () => {
    const images = openImages({ file, everyMs: 2 });
    await write({ base: { state: "building", image, step: 1, steps: 2 } });
    const seen: ImageBuild[] = [];
    const first = Promise.withResolvers<undefined>();
    const ready = images.waitFor(
      "base",
      (build) => {
        seen.push(build);
        first.resolve(undefined);
      },
      never,
    );
    await first.promise;
    await write({ base: { state: "ready", image } });
    await ready;
    expect(seen[0]).toMatchObject({ step: 1, steps: 2 });
  });

  it("ends with the build's failure, its builder's death, or nobody building", async () => {
    const images = openImages({ file, everyMs: 2 });
    const wait = () => images.waitFor("base", () => undefined, never);
    await expect(wait()).rejects.toMatchObject({ code: "image_not_found" });
    await write({ base: { state: "failed", image, error: "no space" } });
    await expect(wait()).rejects.toThrow("no space");
    await write({ base: { state: "building", image, builder: dead } });
    await expect(wait()).rejects.toThrow("died");
  });

  it("ends with the signal", async () => {
    await write({ base: { state: "building", image } });
    const leaving = new AbortController();
    const waiting = openImages({ file, everyMs: 2 }).waitFor("base", () => undefined, leaving.signal);
    leaving.abort(new Error("gone"));
    await expect(waiting).rejects.toThrow("gone");
  });
});

describe("find", () => {
  it("asks the engine once in a while, and never remembers what is not there", async () => {
    let time = 0;
    let asked = 0;
    await using backend = createMemoryBackend({
      fault: (_verb, _id, when) => void (asked += when === "before" ? 1 : 0),
    });
    const images = openImages({ file, now: () => time });
    const find = (ref: string) => images.find(backend, ref, never);
    await find("plain");
    await find("plain");
    expect(asked).toBe(1);
    images.forget(backend, "plain");
    await find("plain");
    expect(asked).toBe(2);
    time = 5_000;
    expect(await find("plain")).toMatchObject({ ref: "plain" });
    expect(asked).toBe(3);
    expect(await find("nope")).toBeUndefined();
    expect(await find("nope")).toBeUndefined();
    expect(asked).toBe(5);
  });
});
