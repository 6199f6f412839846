import { randomBytes } from "node:crypto";
import { PassThrough, Readable } from "node:stream";
import { expect, it, vi } from "vitest";
import { soon } from "../../../backends/contract/fixture.ts";
import { code, describeBareCaves, MB } from "../testing/bare-caves.ts";

describeBareCaves("writing files", (cave) => {
  it("leaves nothing of an upload that breaks off, and the file as it was", async () => {
    await cave.put("upload/kept", "before", { mkdirs: true });
    const body = new PassThrough();
    const result = cave.guest.writeFile("upload/kept", body, { mkdirs: false }, soon());
    body.write("half");
    await vi.waitFor(async () => expect(await cave.sh("ls -A upload")).toContain(".ghost-upload-"), 5_000);
    body.destroy(new Error("gone"));
    await expect(result).rejects.toEqual(code("bad_request"));

    const stop = new AbortController();
    const aborted = cave.guest.writeFile("upload/kept", new PassThrough(), { mkdirs: false }, stop.signal);
    await vi.waitFor(async () => expect(await cave.sh("ls -A upload")).toContain(".ghost-upload-"), 5_000);
    stop.abort();
    await expect(aborted).rejects.toThrow(/abort/i);
    expect(await cave.sh("ls -A upload; cat upload/kept")).toBe("kept\nbefore");
  });

  it("writes only under the conditions that were given", async () => {
    const first = await cave.put("cond", "1", { ifNoneMatch: "*" });
    await expect(cave.put("cond", "2", { ifNoneMatch: "*" })).rejects.toEqual(code("file_changed"));
    await expect(cave.put("cond", "2", { ifMatch: '"other"' })).rejects.toEqual(code("file_changed"));
    await expect(cave.put("cond-new", "2", { ifMatch: "*" })).rejects.toEqual(code("file_changed"));
    const second = await cave.put("cond", "22", { ifMatch: `"other", ${first.etag ?? ""}` });
    expect(second.etag).not.toBe(first.etag);
    await expect(cave.put("cond", "3", { ifMatch: first.etag ?? "" })).rejects.toEqual(code("file_changed"));
    expect((await cave.get("cond")).toString()).toBe("22");
    expect(await cave.sh("ls -A | grep -c ghost-upload")).toBe("0\n");
  });

  it("keeps modes and links, sets a mode, and refuses what is no file", async () => {
    await cave.put("script", "one", { mode: 0o750 });
    expect((await cave.put("script", "two")).mode).toBe(0o750);
    await cave.sh("ln -s script to-script; ln -s made-later to-new; mkdir a-folder");
    await cave.put("to-script", "three");
    await cave.put("to-new", "four");
    expect(await cave.sh("readlink to-script; cat script made-later")).toBe("script\nthreefour");
    await expect(cave.put("a-folder", "x")).rejects.toEqual(code("file_kind"));
    await expect(cave.put("no/such/folder", "x")).rejects.toEqual(code("file_not_found"));
    await expect(cave.put("/etc/mine", "x")).rejects.toEqual(code("file_denied"));
    await expect(cave.put("../../etc/mine", "x")).rejects.toEqual(code("file_denied"));
  });

  it("says when the disk is full and leaves nothing behind", async () => {
    await expect(
      cave.guest.writeFile("/run/too-much", Readable.from([randomBytes(17 * MB)]), { mkdirs: false }, soon()),
    ).rejects.toEqual(code("disk_full"));
    expect(await cave.sh("ls -A /run")).not.toMatch(/ghost-upload|too-much/);
  });
});
