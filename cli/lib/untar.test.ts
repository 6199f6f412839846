import {
  existsSync,
  lstatSync,
  mkdtempSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pack, type Header } from "tar-stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { untar } from "./untar.ts";

let home: string;
let target: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "ghost-untar-"));
  target = join(home, "target");
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

type Item = Partial<Header> & { name: string; text?: string };

async function unpack(...items: Item[]): Promise<string[]> {
  const tar = pack();
  for (const { text, ...head } of items) {
    if (text === undefined) tar.entry(head);
    else tar.entry(head, text);
  }
  tar.finalize();
  const skipped: string[] = [];
  await untar(tar as AsyncIterable<Buffer>, target, { skipped: (what) => skipped.push(what) });
  return skipped;
}

it("unpacks files, folders, links, modes and times", async () => {
  const mtime = new Date("2026-01-02T03:04:05Z");
  const long = `${"d".repeat(120)}/${"ü".repeat(60)}`;
  const skipped = await unpack(
    { name: "./", type: "directory" },
    { name: "./bin/", type: "directory", mode: 0o555, mtime },
    { name: "./bin/tool", mode: 0o4755, mtime, text: "run" },
    { name: long, text: "long" },
    { name: "link", type: "symlink", linkname: "bin/tool" },
    { name: "a/up", type: "symlink", linkname: "../bin/tool" },
    { name: "again", type: "link", linkname: "./bin/tool" },
  );
  expect(skipped).toEqual([]);
  expect(statSync(join(target, "bin/tool")).mode & 0o7777).toBe(0o755);
  expect(statSync(join(target, "bin/tool")).mtime).toEqual(mtime);
  expect(statSync(join(target, "bin")).mode & 0o777).toBe(0o555);
  expect(readFileSync(join(target, long), "utf8")).toBe("long");
  expect(readlinkSync(join(target, "link"))).toBe("bin/tool");
  expect(readFileSync(join(target, "a/up"), "utf8")).toBe("run");
  expect(statSync(join(target, "again")).ino).toBe(statSync(join(target, "bin/tool")).ino);
});

describe("an archive that means harm", () => {
  it.each(["../out", "a/../../out", "/etc/out", "..", "./../out"])(
    "is refused with the path %s",
    async (name) => {
      await expect(unpack({ name, text: "x" })).rejects.toMatchObject({ code: "unsafe_archive" });
      expect(existsSync(join(home, "out"))).toBe(false);
    },
  );

  it.each(["/etc", "..", "../..", "in/../../x", "/"])("gets no link to %s", async (linkname) => {
    expect(await unpack({ name: "link", type: "symlink", linkname })).toHaveLength(1);
    expect(existsSync(join(target, "link"))).toBe(false);
  });

  it("cannot write through a link that it brought", async () => {
    const outside = join(home, "outside");
    mkdirSync(outside);
    await unpack({ name: "way", type: "symlink", linkname: "../outside" }, { name: "way/in", text: "x" });
    expect(existsSync(join(outside, "in"))).toBe(false);
    expect(lstatSync(join(target, "way")).isDirectory()).toBe(true);
  });

  it("cannot write through a link that was there", async () => {
    const outside = join(home, "outside");
    mkdirSync(outside);
    mkdirSync(target);
    symlinkSync(outside, join(target, "way"));
    await expect(unpack({ name: "way/in", text: "x" })).rejects.toMatchObject({ code: "file_kind" });
    expect(existsSync(join(outside, "in"))).toBe(false);
  });

  it("replaces a link instead of what it leads to", async () => {
    writeFileSync(join(home, "mine"), "mine");
    mkdirSync(target);
    symlinkSync(join(home, "mine"), join(target, "file"));
    await unpack({ name: "file", text: "theirs" });
    expect(readFileSync(join(home, "mine"), "utf8")).toBe("mine");
    expect(readFileSync(join(target, "file"), "utf8")).toBe("theirs");
  });

  it("cannot reach a file that was there by a hard link", async () => {
    mkdirSync(target);
    writeFileSync(join(target, "mine"), "mine");
    expect(await unpack({ name: "alias", type: "link", linkname: "mine" })).toHaveLength(1);
    expect(existsSync(join(target, "alias"))).toBe(false);
  });

  it("makes no devices", async () => {
    expect(await unpack({ name: "null", type: "character-device" })).toHaveLength(1);
  });
});

it("takes half an archive for what it is", async () => {
  const tar = pack();
  tar.entry({ name: "file" }, "x".repeat(5000));
  tar.finalize();
  const whole = Buffer.concat((await Array.fromAsync(tar)) as Buffer[]);
  const half = (async function* () {
    yield await Promise.resolve(whole.subarray(0, 3000));
  })();
  await expect(untar(half, target, { skipped: () => undefined })).rejects.toMatchObject({
    code: "bad_archive",
  });
  const noise = (async function* () {
    yield await Promise.resolve(Buffer.alloc(2048, 7));
  })();
  await expect(untar(noise, target, { skipped: () => undefined })).rejects.toMatchObject({
    code: "bad_archive",
  });
});
