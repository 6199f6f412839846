import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { constants, createReadStream } from "node:fs";
import {
  chmod,
  mkdir,
  open,
  readFile,
  readdir,
  readlink,
  rename,
  stat,
  symlink,
  unlink,
  writeFile,
} from "node:fs/promises";
import { request, type IncomingMessage } from "node:http";
import { describe, expect, it, vi } from "vitest";
import { token } from "../testing/daemon.ts";
import { codeOf, FileDaemon } from "../testing/files.ts";
import type { FileEntry } from "#contract/inside.ts";

const isRoot = process.getuid?.() === 0;
const files = FileDaemon.forTests();

describe("reading", () => {
  it("gives the bytes, what they are of, and where they begin", async () => {
    await writeFile(`${files.folder}/a`, "0123456789");
    const whole = await files.get(`${files.folder}/a`);
    expect(whole.body.toString()).toBe("0123456789");
    const entry = JSON.parse(
      Buffer.from(String(whole.headers["x-ghost-entry"]), "base64").toString(),
    ) as FileEntry;
    expect(entry).toMatchObject({
      name: "a",
      path: `${files.folder}/a`,
      kind: "file",
      sizeBytes: 10,
      mode: 0o644,
      etag: expect.any(String) as string,
    });

    for (const [range, from, text] of [
      [{ start: 3 }, "3", "3456789"],
      [{ start: 3, end: 5 }, "3", "345"],
      [{ end: 4 }, "6", "6789"],
      [{ start: 8, end: 100 }, "8", "89"],
      [{ end: 100 }, "0", "0123456789"],
    ] as const) {
      const part = await files.get(`${files.folder}/a`, range);
      expect([part.headers["x-ghost-from"], part.headers["content-length"], part.body.toString()]).toEqual([
        from,
        String(text.length),
        text,
      ]);
    }
    expect(codeOf(await files.get(`${files.folder}/a`, { start: 10 }))).toEqual([
      422,
      "range_not_satisfiable",
    ]);
  });

  it("reads the kernel's files, which say that they are empty, to their end", async () => {
    const reply = await files.get("/proc/self/status");
    expect(reply.body.toString()).toMatch(/^Name:/);
    expect(reply.headers["content-length"]).toBeUndefined();
    await writeFile(`${files.folder}/empty`, "");
    expect((await files.get(`${files.folder}/empty`)).body).toHaveLength(0);
  });

  it("refuses what is no file, without waiting for it", async () => {
    execFileSync("mkfifo", ["-m", "666", `${files.folder}/fifo`]);
    for (const path of [
      `${files.folder}/fifo`,
      "/dev/zero",
      "/dev/null",
      "/dev/tty",
      files.folder,
      files.daemon.folder,
    ]) {
      expect([path, (await files.get(path)).status]).toEqual([path, 422]);
    }
    expect(codeOf(await files.get(`${files.folder}/fifo`))[1]).toBe("file_kind");
    expect(codeOf(await files.get("/dev/zero"))[1]).toBe("file_kind");
    expect(codeOf(await files.get(`${files.folder}/none`))[1]).toBe("file_not_found");
    await writeFile(`${files.folder}/file`, "");
    expect(codeOf(await files.get(`${files.folder}/file/below`))[1]).toBe("file_kind");
    await symlink("loop", `${files.folder}/loop`);
    expect(codeOf(await files.get(`${files.folder}/loop`))[1]).toBe("file_not_found");
  });

  it("cuts the connection when a file becomes shorter on the way", async () => {
    await writeFile(`${files.folder}/shrinking`, Buffer.alloc(50_000_000));
    const res = await files.daemon.open("GET", `/files/content?path=${files.folder}/shrinking`);
    await writeFile(`${files.folder}/shrinking`, "");
    await expect(res.toArray()).rejects.toThrow("aborted");
  });

  it.runIf(isRoot)("lets the kernel decide what the cave's user may read", async () => {
    await writeFile(`${files.folder}/roots`, "secret", { mode: 0o600 });
    expect(codeOf(await files.get(`${files.folder}/roots`))).toEqual([422, "file_denied"]);
    expect(codeOf(await files.put("/etc/ghost-test", "x"))).toEqual([422, "file_denied"]);
    expect(codeOf(await files.get("../../../../../etc/shadow"))).toEqual([422, "file_denied"]);
  });
});

describe("writing", () => {
  it("makes the file whole, with its folders where asked", async () => {
    const made = await files.put(`${files.folder}/x/y/z`, "text", { mkdirs: 1, mode: "640" });
    expect(made.json).toMatchObject({ kind: "file", sizeBytes: 4, mode: 0o640 });
    expect(await readFile(`${files.folder}/x/y/z`, "utf8")).toBe("text");
    expect(codeOf(await files.put(`${files.folder}/no/such`, "text"))).toEqual([422, "file_not_found"]);
  });

  it("keeps the mode of the file, and the link that leads to it", async () => {
    await files.run("echo old > script; chmod 751 script; ln -s script link; ln -s later dangling");
    await files.put(`${files.folder}/link`, "new");
    expect(await readlink(`${files.folder}/link`)).toBe("script");
    expect([
      await readFile(`${files.folder}/script`, "utf8"),
      (await stat(`${files.folder}/script`)).mode & 0o7777,
    ]).toEqual(["new", 0o751]);
    await files.put(`${files.folder}/dangling`, "made");
    expect(await readFile(`${files.folder}/later`, "utf8")).toBe("made");
  });

  it("takes names that are not UTF-8, and shows them as it takes them", async () => {
    const path = `b:${files.folder}/caf%E9%20%25`;
    const written = (await files.put(path, "bytes")).json as FileEntry;
    expect([written.path, written.name]).toEqual([path, "b:caf%E9%20%25"]);
    expect(await readdir(files.folder, "buffer")).toEqual([Buffer.from("caf\xe9 %", "latin1")]);
    expect((await files.list(files.folder)).entries.map((entry) => entry.path)).toEqual([path]);
    expect((await files.get(path)).body.toString()).toBe("bytes");
    await files.put(`${files.folder}/b:plain 100%`, "x");
    expect((await files.get(`${files.folder}/b:plain 100%`)).body.toString()).toBe("x");
    expect((await files.post("move", { from: path, to: `b:${files.folder}/%FF` })).json).toMatchObject({
      path: `b:${files.folder}/%FF`,
    });
    expect((await files.remove(`b:${files.folder}/%FF`)).status).toBe(200);
  });

  it("writes only over the version that was read", async () => {
    const { etag } = (await files.put(`${files.folder}/f`, "1")).json as FileEntry;
    expect(codeOf(await files.put(`${files.folder}/f`, "2", {}, { "if-none-match": "*" }))).toEqual([
      422,
      "file_changed",
    ]);
    const second = (await files.put(`${files.folder}/f`, "2", {}, { "if-match": etag ?? "" }))
      .json as FileEntry;
    expect(second.etag).not.toBe(etag);
    expect(codeOf(await files.put(`${files.folder}/f`, "3", {}, { "if-match": etag ?? "" }))).toEqual([
      422,
      "file_changed",
    ]);
    expect(codeOf(await files.put(`${files.folder}/new`, "3", {}, { "if-match": "*" }))).toEqual([
      422,
      "file_changed",
    ]);
    expect((await files.put(`${files.folder}/new`, "3", {}, { "if-none-match": "*" })).status).toBe(200);
    expect(await readFile(`${files.folder}/f`, "utf8")).toBe("2");
    expect(await readdir(files.folder)).toEqual(["f", "new"]);
  });

  it("is atomic with several writers, and only one of them makes a new file", async () => {
    const texts = Array.from({ length: 8 }, (_, i) => String(i).repeat(300_000));
    const statuses = await Promise.all(texts.map((text) => files.put(`${files.folder}/shared`, text)));
    expect(statuses.map(({ status }) => status)).toEqual(texts.map(() => 200));
    expect(texts).toContain(await readFile(`${files.folder}/shared`, "utf8"));

    const race = await Promise.all(
      texts.map((text) => files.put(`${files.folder}/once`, text, {}, { "if-none-match": "*" })),
    );
    const winners = race.flatMap(({ status }, i) => (status === 200 ? [texts[i]] : []));
    expect(winners).toEqual([await readFile(`${files.folder}/once`, "utf8")]);
    expect(await readdir(files.folder)).toEqual(["once", "shared"]);
  });

  it("leaves nothing behind, and the old file as it was, when an upload breaks off", async () => {
    await files.put(`${files.folder}/kept`, "old");
    const headers = { authorization: `Bearer ${token}`, "content-length": 1_000_000 };
    const req = request({
      host: "127.0.0.1",
      port: files.daemon.port,
      method: "PUT",
      path: `/files/content?path=${files.folder}/kept`,
      headers,
    });
    req.on("error", () => undefined);
    req.write("half");
    await vi.waitFor(async () => expect(await readdir(files.folder)).toHaveLength(2));
    req.destroy();
    await vi.waitFor(async () => expect(await readdir(files.folder)).toEqual(["kept"]));
    expect(await readFile(`${files.folder}/kept`, "utf8")).toBe("old");
  });

  it("refuses to write over what is no file", async () => {
    execFileSync("mkfifo", ["-m", "666", `${files.folder}/fifo`]);
    await mkdir(`${files.folder}/sub`);
    for (const path of [`${files.folder}/fifo`, `${files.folder}/sub`, "/dev/null"])
      expect(codeOf(await files.put(path, "x"))).toEqual([422, "file_kind"]);
  });

  it.runIf(isRoot)("says when the disk is full, keeps what was there, and gives the space back", async () => {
    const small = `${files.folder}/small`;
    await mkdir(small);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m,mode=777", "tmpfs", small]);
    try {
      await files.put(`${small}/kept`, "old");
      expect(codeOf(await files.put(`${small}/kept`, Buffer.alloc(30_000_000)))).toEqual([422, "disk_full"]);
      expect(await readdir(small)).toEqual(["kept"]);
      expect((await files.get(`${small}/kept`)).body.toString()).toBe("old");
      const tar = execFileSync("tar", ["-cf", "-", "-C", "/usr/bin", "bash"], { maxBuffer: 2 ** 24 });
      expect(codeOf(await files.daemon.request("PUT", `/files/archive?path=${small}`, tar))).toEqual([
        422,
        "disk_full",
      ]);

      await writeFile(`${files.folder}/across`, "moved");
      await unlink(`${small}/bash`);
      await chmod(`${files.folder}/across`, 0o666);
      const moved = await files.post("move", { from: `${files.folder}/across`, to: `${small}/here ünd da` });
      expect(moved.json).toMatchObject({ path: `${small}/here ünd da` });
      expect(await readFile(`${small}/here ünd da`, "utf8")).toBe("moved");
    } finally {
      execFileSync("umount", [small]);
    }
  });

  it.runIf(isRoot)(
    "never leaves the rights of the cave's user, however links are swapped under it",
    async () => {
      const vault = `${files.folder}/vault`;
      const secret = `${vault}/canary`;
      await mkdir(vault);
      await writeFile(secret, "canary", { mode: 0o600 });
      await mkdir(`${files.folder}/real`);
      await chmod(`${files.folder}/real`, 0o777);
      await writeFile(`${files.folder}/real/canary`, "mine", { mode: 0o666 });
      await symlink("real", `${files.folder}/way`);
      let swapping = true;
      const swapper = (async () => {
        for (let i = 0; swapping; i++) {
          await symlink(i % 2 ? "real" : vault, `${files.folder}/next`);
          await rename(`${files.folder}/next`, `${files.folder}/way`);
        }
      })();
      const replies = [];
      for (let i = 0; i < 300; i++)
        replies.push(
          i % 2
            ? await files.get(`${files.folder}/way/canary`)
            : await files.put(`${files.folder}/way/canary`, "mine"),
        );
      swapping = false;
      await swapper;
      expect(await readFile(secret, "utf8")).toBe("canary");
      expect(
        replies.filter((reply, i) => i % 2 && reply.status === 200 && reply.body.toString() !== "mine"),
      ).toEqual([]);
    },
  );
});

describe("large files", () => {
  it("go in and out without being gathered in memory", async () => {
    const size = 400_000_000;
    const before = await files.rssMb();
    const source = await open("/dev/zero", constants.O_RDONLY);
    const headers = { authorization: `Bearer ${token}`, "content-length": size };
    const req = request({
      host: "127.0.0.1",
      port: files.daemon.port,
      method: "PUT",
      path: `/files/content?path=${files.folder}/large`,
      headers,
    });
    createReadStream("", { fd: source, end: size - 1, highWaterMark: 262_144 }).pipe(req);
    const [res] = (await once(req, "response")) as [IncomingMessage];
    res.resume();
    expect(res.statusCode).toBe(200);

    const large = await files.daemon.open("GET", `/files/content?path=${files.folder}/large`);
    let read = 0;
    for await (const chunk of large as AsyncIterable<Buffer>) read += chunk.length;
    expect(read).toBe(size);
    expect((await files.rssMb()) - before).toBeLessThan(64);
  });
});
