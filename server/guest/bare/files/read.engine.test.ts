import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { expect, it } from "vitest";
import { soon } from "../../../backends/contract/fixture.ts";
import { code, describeBareCaves, MB, oddNames, sha } from "../testing/bare-caves.ts";

describeBareCaves("reading files", (cave) => {
  it.each(oddNames)("handles the name %j everywhere", async (name) => {
    const at = (folder: string, file = name) =>
      file.startsWith("b:") ? `b:${folder}/${file.slice(2)}` : `${folder}/${file}`;
    const bytes = randomBytes(3000);
    const path = at("/workspace/odd");
    const written = await cave.put(path, bytes, { mkdirs: true });
    expect(written).toMatchObject({ path, kind: "file", sizeBytes: 3000 });
    expect(await cave.guest.stat(path, soon())).toEqual(written);
    expect(sha(await cave.get(path))).toBe(sha(bytes));
    const { entries } = await cave.guest.listFolder("odd", 1, soon());
    expect(entries.find((entry) => entry.path === path)).toEqual(written);
    const moved = await cave.guest.moveFile(
      { from: path, to: at("/workspace/odd/deep"), overwrite: false, mkdirs: true },
      soon(),
    );
    expect(moved.path).toBe(at("/workspace/odd/deep"));
    await cave.guest.removeFile(moved.path, { recursive: false }, soon());
    await expect(cave.guest.stat(moved.path, soon())).rejects.toEqual(code("file_not_found"));
  });

  it("tells kinds, modes, times and where links lead", async () => {
    await cave.sh(
      "mkdir -p kinds/folder; cd kinds; echo x > file; chmod 640 file; touch -d '2020-01-02 03:04:05' file; ln -s file link; ln -s 'no\nwhere' dangling; mkfifo pipe",
    );
    const { entries } = await cave.guest.listFolder("kinds", 1, soon());
    expect(entries.map(({ name, kind, target }) => [name, kind, target])).toEqual([
      ["dangling", "link", "no\nwhere"],
      ["file", "file", undefined],
      ["folder", "folder", undefined],
      ["link", "link", "file"],
      ["pipe", "other", undefined],
    ]);
    expect(await cave.guest.stat("kinds/link", soon())).toMatchObject({
      kind: "file",
      mode: 0o640,
      sizeBytes: 2,
      modifiedAt: "2020-01-02T03:04:05.000Z",
    });
    expect(await cave.guest.stat("kinds/dangling", soon())).toMatchObject({
      kind: "link",
      target: "no\nwhere",
    });
    await expect(cave.guest.readFile("kinds/pipe", {}, soon())).rejects.toEqual(code("file_kind"));
    await expect(cave.guest.readFile("kinds/folder", {}, soon())).rejects.toEqual(code("file_kind"));
    await expect(cave.guest.listFolder("kinds/file", 1, soon())).rejects.toEqual(code("file_kind"));
    await expect(cave.guest.stat("kinds/file/below", soon())).rejects.toEqual(code("file_kind"));
    await expect(cave.guest.listFolder("nowhere", 1, soon())).rejects.toEqual(code("file_not_found"));
  });

  it("lists as deep as asked, and no more than 10,000 entries", async () => {
    await cave.sh("mkdir -p tree/a/b/c; touch tree/a/b/c/leaf tree/top");
    const { entries } = await cave.guest.listFolder("tree", 3, soon());
    expect(entries.map(({ name }) => name)).toEqual(["a", "top"]);
    const below = entries[0]?.children?.[0];
    expect(below).toMatchObject({ path: "/workspace/tree/a/b", children: [{ name: "c" }] });
    expect(below?.children?.[0]).not.toHaveProperty("children");
    await cave.sh("mkdir many; cd many; i=0; while [ $i -lt 10050 ]; do : > $i; i=$((i + 1)); done");
    const many = await cave.guest.listFolder("many", 1, soon());
    expect(many.truncated).toBe(true);
    expect(many.entries).toHaveLength(10_000);
    await cave.guest.removeFile("many", { recursive: true }, soon());
  });

  it("reads ranges, and the kernel's files whole", async () => {
    const bytes = randomBytes(300_000);
    await cave.put("ranges", bytes);
    for (const [range, from, to] of [
      [{ start: 0, end: 0 }, 0, 1],
      [{ start: 100, end: 199_999 }, 100, 200_000],
      [{ start: 299_999 }, 299_999, 300_000],
      [{ start: 5, end: 999_999_999 }, 5, 300_000],
      [{ end: 10 }, 299_990, 300_000],
      [{ end: 400_000 }, 0, 300_000],
    ] as const) {
      const { start: first, length, stream } = await cave.guest.readFile("ranges", { range }, soon());
      expect([first, length]).toEqual([from, to - from]);
      expect(sha(await buffer(stream))).toBe(sha(bytes.subarray(from, to)));
    }
    await expect(cave.guest.readFile("ranges", { range: { start: 300_000 } }, soon())).rejects.toEqual(
      code("range_not_satisfiable"),
    );
    expect((await cave.get("/proc/self/status")).toString()).toMatch(/^Name:/);
    await cave.put("empty", "");
    expect(await cave.get("empty")).toHaveLength(0);
  });

  it("moves 100 MB both ways and stops reading when the reader leaves", async () => {
    const piece = randomBytes(MB);
    const hash = createHash("sha256");
    const entry = await cave.guest.writeFile(
      "big",
      Readable.from(
        (function* () {
          for (let n = 0; n < 100; n++) {
            hash.update(piece);
            yield piece;
          }
        })(),
        { objectMode: false },
      ),
      { mkdirs: false },
      soon(60_000),
    );
    expect(entry.sizeBytes).toBe(100 * MB);
    const { stream } = await cave.guest.readFile("big", {}, soon(60_000));
    const back = createHash("sha256");
    for await (const chunk of stream as AsyncIterable<Buffer>) back.update(chunk);
    expect(back.digest("hex")).toBe(hash.digest("hex"));

    const left = await cave.guest.readFile("big", {}, soon());
    left.stream.once("readable", () => left.stream.destroy());
    await once(left.stream, "close");
    expect(await cave.alive("exec 3<")).toBe(0);
    await cave.guest.removeFile("big", { recursive: false }, soon());
  });
});
