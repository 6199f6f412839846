import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { PassThrough, Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { extract, pack } from "tar-stream";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Backend } from "../../backends/backend.ts";
import { limits, newId, soon } from "../../backends/contract/fixture.ts";
import { openFixture } from "../../backends/docker/testing/fixture.ts";
import { testImages } from "../../backends/docker/testing/images.ts";
import type { ExecEvent, ExecRequest, Guest } from "../guest.ts";
import { openBareGuest } from "./bare-guest.ts";

const MB = 2 ** 20;
const oddNames = [
  "with space",
  "new\nline",
  "ends in newline\n",
  `quo"te's`,
  "-rf",
  "$HOME `id` \\0101 %s",
  "ünï中文",
  "b:%FF%FE",
];

/** Debian's tools, from whichever of our images there is. */
async function debian(backend: Backend): Promise<string> {
  for (const ref of ["ghost/debian:trixie", "ghost/cave:base"])
    if (await backend.image(ref, soon())) return ref;
  throw new Error("The engine has neither ghost/debian:trixie nor ghost/cave:base.");
}

interface Told {
  stdout: Buffer;
  stderr: Buffer;
  exit: Extract<ExecEvent, { kind: "exit" }>["exit"];
}

async function told(events: AsyncIterable<ExecEvent>): Promise<Told> {
  const parts = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  for await (const event of events) {
    if (event.kind === "exit") {
      return { stdout: Buffer.concat(parts.stdout), stderr: Buffer.concat(parts.stderr), exit: event.exit };
    }
    parts[event.kind].push(event.data);
  }
  throw new Error("It ended without an exit.");
}

const sha = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

describe.each([
  ["busybox", () => Promise.resolve(testImages.plain)],
  ["debian", debian],
] as const)("a cave of %s without a daemon", (_, imageOf) => {
  const id = newId();
  const closing = new AsyncDisposableStack();
  let guest: Guest;
  let backend: Backend;

  beforeAll(async () => {
    const fixture = closing.use(await openFixture());
    const opened = closing.use(await fixture.open());
    backend = opened;
    const found = await opened.image(await imageOf(opened), soon());
    if (!found) throw new Error("There is no image.");
    const { daemon: _daemon, ...image } = found;
    closing.defer(() => opened.remove(id, { keepWorkspace: false }, soon()));
    await opened.create({ id, name: "bare", image, limits, network: { mode: "open" }, env: {} }, soon());
    await opened.start(id, soon());
    guest = closing.use(openBareGuest({ id, backend: opened }));
    await guest.ready(soon());
  });
  afterAll(() => closing.disposeAsync());

  const start = (input: Partial<ExecRequest>, signal = soon(60_000)) =>
    guest.exec({ maxOutputBytes: MB, ...input }, signal);
  const run = async (input: Partial<ExecRequest> | string, signal = soon(60_000)) =>
    told(await start(typeof input === "string" ? { command: input } : input, signal));
  const sh = async (command: string) => (await run(command)).stdout.toString();
  const put = (path: string, bytes: Buffer | string, options = {}) =>
    guest.writeFile(path, Readable.from([Buffer.from(bytes)]), { mkdirs: false, ...options }, soon());
  const get = async (path: string, options = {}) =>
    buffer((await guest.readFile(path, options, soon())).stream);
  const code = (error: string) => expect.objectContaining({ code: error }) as unknown;
  /** How many processes carry this among their arguments. */
  const alive = async (word: string) =>
    (await guest.processes(soon())).filter(({ command }) => command.includes(word)).length;

  describe("exec", () => {
    it("gives both outputs apart, the exit code and the time it took", async () => {
      const { stdout, stderr, exit } = await run("echo out; echo err >&2; exit 3");
      expect([stdout.toString(), stderr.toString()]).toEqual(["out\n", "err\n"]);
      expect(exit).toMatchObject({
        exitCode: 3,
        timedOut: false,
        truncated: { stdout: false, stderr: false },
      });
      expect(exit.signal).toBeUndefined();
      expect(exit.durationMs).toBeGreaterThan(0);
    });

    it("passes arguments and variables as they are, and begins in the workspace as its user", async () => {
      const odd = `-n "$HOME" 'x' \\ \n ü`;
      const { stdout } = await run({ argv: ["printf", "%s|", odd, ""], env: { ODD: odd } });
      expect(stdout.toString()).toBe(`${odd}||`);
      const { stdout: variable } = await run({ command: 'printf %s "$ODD"', env: { ODD: odd } });
      expect(variable.toString()).toBe(odd);
      expect(await sh("pwd; id -u; cd / && env | grep -c OLDPWD=/workspace")).toBe("/workspace\n1000\n1\n");
    });

    it("begins in any folder there is and says which there is not", async () => {
      for (const name of oddNames) {
        await guest.makeFolder(
          { path: `/workspace/cwd/${name}`.replace(/^(.*)\/b:(.*)$/, "b:$1/$2"), parents: true },
          soon(),
        );
        const cwd = name.startsWith("b:") ? `b:cwd/${name.slice(2)}` : `cwd/${name}`;
        expect((await run({ command: "echo here", cwd })).stdout.toString()).toBe("here\n");
      }
      expect(
        (await run({ command: 'printf %s "${PWD##*/}"', cwd: "/workspace/cwd/new\nline" })).stdout.toString(),
      ).toBe("new\nline");
      await expect(start({ command: "true", cwd: "/no/such" })).rejects.toEqual(code("working_directory"));
      await expect(start({ command: "true", cwd: "/etc/passwd" })).rejects.toEqual(code("working_directory"));
    });

    it("answers 127 for a program that is not there", async () => {
      const { exit, stderr } = await run({ argv: ["no-such-program", "x"] });
      expect(exit.exitCode).toBe(127);
      expect(stderr.toString()).toMatch(/not found/);
      expect(stderr.toString()).not.toMatch(/ghost-/);
    });

    it("keeps the number that the engine gives for a signal and claims no more", async () => {
      expect((await run("kill -9 $$")).exit).toMatchObject({ exitCode: 137, timedOut: false });
    });

    it("hands over 100 MB of stdin whole and gives exact bytes back", async () => {
      const bytes = randomBytes(MB);
      const hash = createHash("sha256");
      const source = Readable.from(
        (function* () {
          for (let n = 0; n < 100; n++) {
            hash.update(bytes);
            yield bytes;
          }
        })(),
        { objectMode: false },
      );
      const { stdout } = await run({ command: "sha256sum", stdin: source });
      expect(stdout.toString().slice(0, 64)).toBe(hash.digest("hex"));
      const { stdout: echoed } = await run({ argv: ["cat"], stdin: Readable.from([bytes]) });
      expect(sha(echoed)).toBe(sha(bytes));
    });

    it("survives a program that does not want its input", async () => {
      const endless = new PassThrough();
      endless.write(randomBytes(64 * 1024));
      expect((await run({ argv: ["true"], stdin: endless })).exit.exitCode).toBe(0);
      endless.destroy();
    });

    it("caps 200 MB of output, drains the rest and lets the program end", async () => {
      const before = process.memoryUsage().rss;
      const { stdout, exit } = await run({
        command: `head -c ${200 * MB} /dev/zero; echo done >&2; exit 5`,
        maxOutputBytes: 1000,
      });
      expect(stdout).toHaveLength(1000);
      expect(exit).toMatchObject({ exitCode: 5, truncated: { stdout: true, stderr: false } });
      expect(process.memoryUsage().rss - before).toBeLessThan(96 * MB);
    });

    it("keeps what was said before the deadline, and kills all that was started", async () => {
      const { stdout, exit } = await run({
        command: "echo partial; sleep 4711 & sleep 4711",
        timeoutMs: 700,
      });
      expect(stdout.toString()).toBe("partial\n");
      expect(exit).toMatchObject({ exitCode: null, signal: "SIGKILL", timedOut: true });
      expect(await alive("4711")).toBe(0);
      expect((await run({ command: "sleep 4711", timeoutMs: 1 })).exit.timedOut).toBe(true);
    });

    it.each(["the reader leaves", "the signal is aborted"])("kills everything when %s", async (how) => {
      const stop = new AbortController();
      const events = await start({ command: "echo begun; sleep 4712 & sleep 4712; wait" }, stop.signal);
      const iterator = events[Symbol.asyncIterator]();
      expect(await iterator.next()).toMatchObject({ value: { kind: "stdout" } });
      await vi.waitFor(async () => expect(await alive("sleep 4712")).toBeGreaterThan(1), 5_000);
      if (how === "the reader leaves") await iterator.return?.();
      else {
        stop.abort();
        await expect(iterator.next()).rejects.toThrow(/abort/i);
      }
      await vi.waitFor(async () => expect(await alive("4712")).toBe(0), { timeout: 2_000 });
    });

    it("kills it when its input breaks off", async () => {
      const stdin = new PassThrough();
      const result = run({ command: "cat; sleep 4713", stdin });
      stdin.write("x");
      stdin.destroy(new Error("gone"));
      await expect(result).rejects.toThrow("gone");
      expect(await alive("4713")).toBe(0);
    });
  });

  describe("files", () => {
    it.each(oddNames)("handles the name %j everywhere", async (name) => {
      const at = (folder: string, file = name) =>
        file.startsWith("b:") ? `b:${folder}/${file.slice(2)}` : `${folder}/${file}`;
      const bytes = randomBytes(3000);
      const path = at("/workspace/odd");
      const written = await put(path, bytes, { mkdirs: true });
      expect(written).toMatchObject({ path, kind: "file", sizeBytes: 3000 });
      expect(await guest.stat(path, soon())).toEqual(written);
      expect(sha(await get(path))).toBe(sha(bytes));
      const { entries } = await guest.listFolder("odd", 1, soon());
      expect(entries.find((entry) => entry.path === path)).toEqual(written);
      const moved = await guest.moveFile(
        { from: path, to: at("/workspace/odd/deep"), overwrite: false, mkdirs: true },
        soon(),
      );
      expect(moved.path).toBe(at("/workspace/odd/deep"));
      await guest.removeFile(moved.path, { recursive: false }, soon());
      await expect(guest.stat(moved.path, soon())).rejects.toEqual(code("file_not_found"));
    });

    it("tells kinds, modes, times and where links lead", async () => {
      await sh(
        "mkdir -p kinds/folder; cd kinds; echo x > file; chmod 640 file; touch -d '2020-01-02 03:04:05' file; ln -s file link; ln -s 'no\nwhere' dangling; mkfifo pipe",
      );
      const { entries } = await guest.listFolder("kinds", 1, soon());
      expect(entries.map(({ name, kind, target }) => [name, kind, target])).toEqual([
        ["dangling", "link", "no\nwhere"],
        ["file", "file", undefined],
        ["folder", "folder", undefined],
        ["link", "link", "file"],
        ["pipe", "other", undefined],
      ]);
      expect(await guest.stat("kinds/link", soon())).toMatchObject({
        kind: "file",
        mode: 0o640,
        sizeBytes: 2,
        modifiedAt: "2020-01-02T03:04:05.000Z",
      });
      expect(await guest.stat("kinds/dangling", soon())).toMatchObject({ kind: "link", target: "no\nwhere" });
      await expect(guest.readFile("kinds/pipe", {}, soon())).rejects.toEqual(code("file_kind"));
      await expect(guest.readFile("kinds/folder", {}, soon())).rejects.toEqual(code("file_kind"));
      await expect(guest.listFolder("kinds/file", 1, soon())).rejects.toEqual(code("file_kind"));
      await expect(guest.stat("kinds/file/below", soon())).rejects.toEqual(code("file_kind"));
      await expect(guest.listFolder("nowhere", 1, soon())).rejects.toEqual(code("file_not_found"));
    });

    it("lists as deep as asked, and no more than 10,000 entries", async () => {
      await sh("mkdir -p tree/a/b/c; touch tree/a/b/c/leaf tree/top");
      const { entries } = await guest.listFolder("tree", 3, soon());
      expect(entries.map(({ name }) => name)).toEqual(["a", "top"]);
      const below = entries[0]?.children?.[0];
      expect(below).toMatchObject({ path: "/workspace/tree/a/b", children: [{ name: "c" }] });
      expect(below?.children?.[0]).not.toHaveProperty("children");
      await sh("mkdir many; cd many; i=0; while [ $i -lt 10050 ]; do : > $i; i=$((i + 1)); done");
      const many = await guest.listFolder("many", 1, soon());
      expect(many.truncated).toBe(true);
      expect(many.entries).toHaveLength(10_000);
      await guest.removeFile("many", { recursive: true }, soon());
    });

    it("reads ranges, and the kernel's files whole", async () => {
      const bytes = randomBytes(300_000);
      await put("ranges", bytes);
      for (const [range, from, to] of [
        [{ start: 0, end: 0 }, 0, 1],
        [{ start: 100, end: 199_999 }, 100, 200_000],
        [{ start: 299_999 }, 299_999, 300_000],
        [{ start: 5, end: 999_999_999 }, 5, 300_000],
        [{ end: 10 }, 299_990, 300_000],
        [{ end: 400_000 }, 0, 300_000],
      ] as const) {
        const { start: first, length, stream } = await guest.readFile("ranges", { range }, soon());
        expect([first, length]).toEqual([from, to - from]);
        expect(sha(await buffer(stream))).toBe(sha(bytes.subarray(from, to)));
      }
      await expect(guest.readFile("ranges", { range: { start: 300_000 } }, soon())).rejects.toEqual(
        code("range_not_satisfiable"),
      );
      expect((await get("/proc/self/status")).toString()).toMatch(/^Name:/);
      await put("empty", "");
      expect(await get("empty")).toHaveLength(0);
    });

    it("moves 100 MB both ways and stops reading when the reader leaves", async () => {
      const piece = randomBytes(MB);
      const hash = createHash("sha256");
      const entry = await guest.writeFile(
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
      const { stream } = await guest.readFile("big", {}, soon(60_000));
      const back = createHash("sha256");
      for await (const chunk of stream as AsyncIterable<Buffer>) back.update(chunk);
      expect(back.digest("hex")).toBe(hash.digest("hex"));

      const left = await guest.readFile("big", {}, soon());
      left.stream.once("readable", () => left.stream.destroy());
      await once(left.stream, "close");
      expect(await alive("exec 3<")).toBe(0);
      await guest.removeFile("big", { recursive: false }, soon());
    });

    it("leaves nothing of an upload that breaks off, and the file as it was", async () => {
      await put("upload/kept", "before", { mkdirs: true });
      const body = new PassThrough();
      const result = guest.writeFile("upload/kept", body, { mkdirs: false }, soon());
      body.write("half");
      await vi.waitFor(async () => expect(await sh("ls -A upload")).toContain(".ghost-upload-"), 5_000);
      body.destroy(new Error("gone"));
      await expect(result).rejects.toEqual(code("bad_request"));

      const stop = new AbortController();
      const aborted = guest.writeFile("upload/kept", new PassThrough(), { mkdirs: false }, stop.signal);
      await vi.waitFor(async () => expect(await sh("ls -A upload")).toContain(".ghost-upload-"), 5_000);
      stop.abort();
      await expect(aborted).rejects.toThrow(/abort/i);
      expect(await sh("ls -A upload; cat upload/kept")).toBe("kept\nbefore");
    });

    it("writes only under the conditions that were given", async () => {
      const first = await put("cond", "1", { ifNoneMatch: "*" });
      await expect(put("cond", "2", { ifNoneMatch: "*" })).rejects.toEqual(code("file_changed"));
      await expect(put("cond", "2", { ifMatch: '"other"' })).rejects.toEqual(code("file_changed"));
      await expect(put("cond-new", "2", { ifMatch: "*" })).rejects.toEqual(code("file_changed"));
      const second = await put("cond", "22", { ifMatch: `"other", ${first.etag ?? ""}` });
      expect(second.etag).not.toBe(first.etag);
      await expect(put("cond", "3", { ifMatch: first.etag })).rejects.toEqual(code("file_changed"));
      expect((await get("cond")).toString()).toBe("22");
      expect(await sh("ls -A | grep -c ghost-upload")).toBe("0\n");
    });

    it("keeps modes and links, sets a mode, and refuses what is no file", async () => {
      await put("script", "one", { mode: 0o750 });
      expect((await put("script", "two")).mode).toBe(0o750);
      await sh("ln -s script to-script; ln -s made-later to-new; mkdir a-folder");
      await put("to-script", "three");
      await put("to-new", "four");
      expect(await sh("readlink to-script; cat script made-later")).toBe("script\nthreefour");
      await expect(put("a-folder", "x")).rejects.toEqual(code("file_kind"));
      await expect(put("no/such/folder", "x")).rejects.toEqual(code("file_not_found"));
      await expect(put("/etc/mine", "x")).rejects.toEqual(code("file_denied"));
      await expect(put("../../etc/mine", "x")).rejects.toEqual(code("file_denied"));
    });

    it("says when the disk is full and leaves nothing behind", async () => {
      await expect(
        guest.writeFile("/run/too-much", Readable.from([randomBytes(17 * MB)]), { mkdirs: false }, soon()),
      ).rejects.toEqual(code("disk_full"));
      expect(await sh("ls -A /run")).not.toMatch(/ghost-upload|too-much/);
    });

    it("removes, moves and makes folders by the rules", async () => {
      await sh("mkdir -p rules/full/x rules/empty; cd rules; echo a > a; echo b > b; ln -s full link");
      const move = (from: string, to: string, overwrite = false) =>
        guest.moveFile({ from: `rules/${from}`, to: `rules/${to}`, overwrite, mkdirs: false }, soon());
      await expect(guest.removeFile("rules/full", { recursive: false }, soon())).rejects.toEqual(
        code("file_exists"),
      );
      await expect(guest.removeFile("rules/none", { recursive: false }, soon())).rejects.toEqual(
        code("file_not_found"),
      );
      await expect(move("a", "b")).rejects.toEqual(code("file_exists"));
      await expect(move("a", "full", true)).rejects.toEqual(code("file_kind"));
      await expect(move("full", "a", true)).rejects.toEqual(code("file_kind"));
      await expect(move("none", "c")).rejects.toEqual(code("file_not_found"));
      await expect(move("a", "no/such")).rejects.toEqual(code("file_not_found"));
      await expect(move("full", "full/x/y")).rejects.toEqual(code("invalid_input"));
      expect(await move("a", "b", true)).toMatchObject({ name: "b", kind: "file" });
      expect(await move("full", "empty", true)).toMatchObject({ name: "empty", kind: "folder" });
      expect(await move("b", "link", true)).toMatchObject({ name: "link", kind: "file" });
      expect(await sh("find rules | sort")).toBe("rules\nrules/empty\nrules/empty/x\nrules/link\n");
      await guest.removeFile("rules", { recursive: true }, soon());

      expect(await guest.makeFolder({ path: "made/deep", parents: true }, soon())).toMatchObject({
        kind: "folder",
        path: "/workspace/made/deep",
      });
      await guest.makeFolder({ path: "made/deep", parents: true }, soon());
      await expect(guest.makeFolder({ path: "made/deep", parents: false }, soon())).rejects.toEqual(
        code("file_exists"),
      );
      await expect(guest.makeFolder({ path: "un/made", parents: false }, soon())).rejects.toEqual(
        code("file_not_found"),
      );
      await expect(guest.removeFile("/etc/passwd", { recursive: false }, soon())).rejects.toEqual(
        code("file_denied"),
      );
    });

    it("finds text with its place", async () => {
      await put("search/a.ts", 'const ünï = "needle";\nno\nNeedle\n', { mkdirs: true });
      await put("search/deep/b:1\n.txt", "a.b needle\r\n", { mkdirs: true });
      await put("search/x=1.txt", "a+b\n");
      await put("b:search/%FF", "needle");
      const search = (input: object) =>
        guest.searchFiles(
          { path: "search", query: "needle", regex: false, caseSensitive: true, maxResults: 100, ...input },
          soon(),
        );
      const { matches, truncated } = await search({});
      expect(truncated).toBe(false);
      expect(matches.toSorted((one, other) => (one.path < other.path ? -1 : 1))).toEqual([
        { path: "/workspace/search/a.ts", line: 1, column: 14, text: 'const ünï = "needle";' },
        { path: "/workspace/search/deep/b:1\n.txt", line: 1, column: 5, text: "a.b needle" },
        { path: "b:/workspace/search/%FF", line: 1, column: 1, text: "needle" },
      ]);
      expect((await search({ caseSensitive: false, glob: "*.ts" })).matches.map(({ line }) => line)).toEqual([
        1, 3,
      ]);
      expect(
        (await search({ query: "N[A-F]+DL", regex: true, caseSensitive: false, path: "search/a.ts" }))
          .matches,
      ).toHaveLength(2);
      expect((await search({ glob: "deep/**" })).matches).toHaveLength(1);
      expect((await search({ query: "a+b" })).matches).toMatchObject([{ path: "/workspace/search/x=1.txt" }]);
      expect(await search({ maxResults: 1 })).toMatchObject({ truncated: true, matches: [{}] });
      await expect(search({ query: "a(", regex: true })).rejects.toEqual(code("invalid_input"));
      await expect(search({ path: "nowhere" })).rejects.toEqual(code("file_not_found"));
    });

    it("packs and unpacks", async () => {
      await put("packed/in/file", "inside", { mkdirs: true });
      const names: string[] = [];
      const unpacked = extract();
      unpacked.on("entry", ({ name }, stream, next) => {
        names.push(name);
        stream.on("end", next).resume();
      });
      (await guest.readArchive("packed", soon())).pipe(unpacked);
      await once(unpacked, "finish");
      expect(names.sort()).toEqual(["./", "./in/", "./in/file"]);
      await expect(guest.readArchive("nowhere", soon())).rejects.toEqual(code("file_not_found"));

      const tar = pack();
      tar.entry({ name: "a b/c" }, "content");
      tar.finalize();
      await guest.writeArchive("b:un/%FF", Readable.from(tar), soon());
      expect((await get("b:un/%FF/a%20b/c")).toString()).toBe("content");
      await expect(guest.writeArchive("un", Readable.from([randomBytes(5000)]), soon())).rejects.toEqual(
        code("bad_request"),
      );
      await expect(guest.writeArchive("/etc/x", Readable.from([Buffer.alloc(1024)]), soon())).rejects.toEqual(
        code("file_denied"),
      );
    });
  });

  it("lists ports with their processes and tells of changes", async () => {
    const stop = new AbortController();
    closing.defer(() => stop.abort());
    const events = (await guest.watch(stop.signal))[Symbol.asyncIterator]();
    expect(await events.next()).toMatchObject({ value: { kind: "ports", ports: [] } });
    const server = new AbortController();
    closing.defer(() => server.abort());
    const [program, args] = await listener();
    const running = await start({ argv: [program, ...args] }, server.signal);
    const port = { port: 8099, address: "127.0.0.1" };
    expect(await events.next()).toMatchObject({ value: { kind: "ports", ports: [port] } });
    const [found] = await guest.ports(soon());
    expect(found).toMatchObject({ ...port, process: expect.any(String) as unknown });
    expect((await guest.process(found?.pid ?? 0, soon())).command).toContain("8099");
    const ended = told(running);
    ended.catch(() => undefined);
    server.abort();
    expect(await events.next()).toMatchObject({ value: { kind: "ports", ports: [] } });
    const last = events.next();
    stop.abort();
    await expect(last).rejects.toThrow(/abort/i);
    await vi.waitFor(async () => expect(await alive("last=unknown")).toBe(0), 2_000);
  });

  async function listener(): Promise<[string, string[]]> {
    if ((await run("command -v perl")).exit.exitCode === 0) {
      const script =
        "use Socket; socket(S, PF_INET, SOCK_STREAM, 0); bind(S, sockaddr_in(8099, INADDR_LOOPBACK)); listen(S, 1); sleep 1000";
      return ["perl", ["-e", script]];
    }
    return ["nc", ["-ll", "-s", "127.0.0.1", "-p", "8099", "-e", "cat"]];
  }

  it("lists processes and signals them", async () => {
    const events = (await start({ command: "exec sleep 4714" }))[Symbol.asyncIterator]();
    const ended = events.next();
    const find = async () => (await guest.processes(soon())).find(({ command }) => command === "sleep 4714");
    await vi.waitFor(async () => expect(await find()).toBeDefined(), 5_000);
    const found = await find();
    expect(found).toMatchObject({ managed: false, running: true });
    expect(found?.memoryBytes).toBeGreaterThan(0);
    expect(Math.abs(Date.parse(found?.startedAt ?? "") - Date.now())).toBeLessThan(30_000);
    await guest.signalProcess(found?.pid ?? 0, "SIGTERM", soon());
    expect(await ended).toMatchObject({ value: { kind: "exit", exit: { exitCode: 143 } } });
    await expect(guest.process(999_999, soon())).rejects.toEqual(code("process_not_found"));
    await expect(guest.signalProcess(999_999, "SIGTERM", soon())).rejects.toEqual(code("process_not_found"));
  });

  it("says what only Ghost's image has", async () => {
    expect(await guest.services(soon())).toEqual({});
    expect(await guest.terminals(soon())).toEqual([]);
    await guest.setSecrets({}, soon());
    const missing = {
      code: "surface_unavailable",
      message: expect.stringContaining("ghost/cave") as unknown,
    };
    for (const refused of [
      guest.openTerminal({ cols: 80, rows: 24 }, soon()),
      guest.startProcess({ command: "true" }, soon()),
      guest.watchFiles("/workspace", soon()),
      guest.startService("code", soon()),
      guest.setSecrets({ TOKEN: "x" }, soon()),
      guest.replaceInFiles(
        { path: ".", query: "a", replacement: "b", regex: false, caseSensitive: true, dryRun: false },
        soon(),
      ),
    ]) {
      await expect(refused).rejects.toEqual(expect.objectContaining(missing));
    }
  });

  it("counts the disk and reads the meters", async () => {
    expect(await guest.diskUsage(soon())).toBeGreaterThan(0);
    expect((await guest.metrics(soon())).memoryBytes).toBeGreaterThan(0);
  });

  it("is not ready when it has ended, or never was", async () => {
    await backend.stop(id, 0, soon());
    await expect(guest.ready(soon())).rejects.toEqual(code("cave_exited"));
    await expect(start({ command: "true" })).rejects.toEqual(code("cave_state"));
    await expect(openBareGuest({ id: newId(), backend }).ready(soon())).rejects.toEqual(
      code("cave_not_found"),
    );
  });
});
