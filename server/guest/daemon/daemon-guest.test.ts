import { once } from "node:events";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { Duplex, Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import type { ExecEvent, ExecRequest, Guest, GuestEvent } from "../guest.ts";
import { openDaemonGuest } from "./daemon-guest.ts";
import { startHostDaemon, type HostDaemon } from "./testing/host-daemon.ts";
import { channel } from "#contract/frames.ts";

let daemon: HostDaemon;
let guest: Guest;
beforeAll(async () => {
  daemon = await startHostDaemon();
  guest = daemon.guest;
});
afterAll(async () => {
  await daemon[Symbol.asyncDispose]();
});

const soon = () => AbortSignal.timeout(15_000);
const code = (wanted: string) => expect.objectContaining({ name: "AppError", code: wanted }) as unknown;

async function run(input: Partial<ExecRequest>, signal = soon()) {
  const parts = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  let exit: Extract<ExecEvent, { kind: "exit" }>["exit"] | undefined;
  for await (const event of await guest.exec({ maxOutputBytes: 2 ** 20, ...input }, signal)) {
    if (event.kind === "exit") exit = event.exit;
    else parts[event.kind].push(event.data);
  }
  return { stdout: Buffer.concat(parts.stdout), stderr: Buffer.concat(parts.stderr), exit };
}

async function isGone(word: string): Promise<void> {
  await vi.waitFor(
    async () =>
      expect((await guest.processes(soon())).filter(({ command }) => command.includes(word))).toEqual([]),
    2_000,
  );
}

describe("exec", () => {
  it("gives output, errors and the exit", async () => {
    const { stdout, stderr, exit } = await run({
      command: "cat; echo err >&2; exit 4",
      stdin: Readable.from([Buffer.from("in")]),
    });
    expect([stdout.toString(), stderr.toString()]).toEqual(["in", "err\n"]);
    expect(exit).toMatchObject({ exitCode: 4, timedOut: false, truncated: { stdout: false, stderr: false } });
    await expect(run({ command: "true", cwd: "/nowhere" })).rejects.toEqual(code("working_directory"));
  });

  it("uses its connections again", async () => {
    const before = daemon.dialled.length;
    for (let i = 0; i < 20; i++) await run({ argv: ["true"] });
    expect(daemon.dialled.length - before).toBeLessThanOrEqual(1);
  });

  it("does the same over streams that are no sockets", async () => {
    const warnings: Error[] = [];
    const warn = (warning: Error) => warnings.push(warning);
    process.on("warning", warn);
    await using tunnelled = openDaemonGuest({
      ...daemon.address,
      dial: async (port, signal) => Duplex.from(await daemon.address.dial(port, signal)),
    });
    for (let i = 0; i < 30; i++) expect(await tunnelled.ports(soon())).toEqual(expect.any(Array));
    await new Promise(setImmediate);
    process.off("warning", warn);
    expect(warnings).toEqual([]);
  });

  it("has no limit of output where none is wanted", async () => {
    const { stdout, exit } = await run({ command: "head -c 5000000 /dev/zero", maxOutputBytes: Infinity });
    expect([stdout.length, exit?.truncated.stdout]).toEqual([5_000_000, false]);
    const cut = await run({ command: "head -c 5000000 /dev/zero", maxOutputBytes: 10 });
    expect([cut.stdout.length, cut.exit?.truncated.stdout]).toEqual([10, true]);
  });

  it("ends with its signal, and with whoever stops listening", async () => {
    const stop = new AbortController();
    const running = run({ command: "echo; sleep 4711" }, stop.signal);
    await vi.waitFor(async () =>
      expect((await guest.processes(soon())).map(({ command }) => command)).toContainEqual(
        expect.stringContaining("4711"),
      ),
    );
    stop.abort();
    await expect(running).rejects.toThrow(/abort/i);
    await isGone("4711");

    for await (const event of await guest.exec(
      { command: "echo x; sleep 4712", maxOutputBytes: 10 },
      soon(),
    )) {
      expect(event.kind).toBe("stdout");
      break;
    }
    await isGone("4712");
  });

  it("does not wait for stdin that nobody reads, nor go on when stdin breaks", async () => {
    async function* endless() {
      for (;;) {
        await new Promise(setImmediate);
        yield Buffer.alloc(65_536);
      }
    }
    const stdin = Readable.from(endless(), { objectMode: false });
    expect((await run({ argv: ["true"], stdin })).exit?.exitCode).toBe(0);
    await vi.waitFor(() => expect(stdin.destroyed).toBe(true));

    async function* breaking() {
      yield Buffer.from("half");
      await new Promise(setImmediate);
      throw new Error("The client went away");
    }
    const broken = run({
      command: "cat; sleep 4713",
      stdin: Readable.from(breaking(), { objectMode: false }),
    });
    await expect(broken).rejects.toEqual(code("cave_unreachable"));
    await isGone("4713");
  });
});

describe("files", () => {
  it("go in and out, in whole and in part", async () => {
    const entry = await guest.writeFile(
      "a/b",
      Readable.from([Buffer.from("0123"), Buffer.from("456789")]),
      { mkdirs: true, mode: 0o600 },
      soon(),
    );
    expect(entry).toMatchObject({ path: `${daemon.folder}/a/b`, sizeBytes: 10, mode: 0o600 });
    const part = await guest.readFile("a/b", { range: { start: 2, end: 4 } }, soon());
    expect([part.start, part.length, await text(part.stream), part.entry]).toEqual([2, 3, "234", entry]);
    const tail = await guest.readFile("a/b", { range: { end: 3 } }, soon());
    expect(await text(tail.stream)).toBe("789");
    const endless = await guest.readFile("/proc/self/limits", {}, soon());
    expect([endless.length, await text(endless.stream)]).toEqual([
      undefined,
      expect.stringContaining("Max open files"),
    ]);
    expect(await guest.stat("a", soon())).toMatchObject({ kind: "folder" });
    const { entries } = await guest.listFolder(".", 2, soon());
    expect(entries.find(({ name }) => name === "a")?.children?.[0]).toEqual(entry);
  });

  it("say what is wrong", async () => {
    await expect(guest.readFile("none", {}, soon())).rejects.toEqual(code("file_not_found"));
    await expect(guest.readFile("/dev/zero", {}, soon())).rejects.toEqual(code("file_kind"));
    const write = (path: string, more = {}) =>
      guest.writeFile(path, Readable.from([Buffer.alloc(50_000_000)]), { mkdirs: false, ...more }, soon());
    await write("big");
    await expect(write("big", { ifNoneMatch: "*" })).rejects.toEqual(code("file_changed"));
    await expect(write("big", { ifMatch: '"other"' })).rejects.toEqual(code("file_changed"));
    await expect(write("no/such/folder")).rejects.toEqual(code("file_not_found"));
    await expect(guest.removeFile("none", { recursive: true }, soon())).rejects.toEqual(
      code("file_not_found"),
    );
  });

  it("are not left half written when the sender breaks off", async () => {
    await mkdir(`${daemon.folder}/half`, { mode: 0o777 });
    await run({ command: "mkdir -p mine" });
    async function* breaking() {
      yield Buffer.alloc(300_000);
      await vi.waitFor(async () => expect(await readdir(`${daemon.folder}/mine`)).toHaveLength(1));
      throw new Error("The client went away");
    }
    const body = Readable.from(breaking(), { objectMode: false });
    await expect(guest.writeFile("mine/f", body, { mkdirs: false }, soon())).rejects.toEqual(
      code("cave_unreachable"),
    );
    await vi.waitFor(async () => expect(await readdir(`${daemon.folder}/mine`)).toEqual([]));
  });

  it("are moved, searched, replaced, packed and watched", async () => {
    await run({ command: "mkdir -p w; printf 'old text\\n' > w/f" });
    const stop = new AbortController();
    const changes = (await guest.watchFiles("w", stop.signal))[Symbol.asyncIterator]();
    expect(
      await guest.replaceInFiles(
        { path: "w", query: "old", replacement: "new", regex: false, caseSensitive: true, dryRun: false },
        soon(),
      ),
    ).toMatchObject({ replacements: 1 });
    expect(await changes.next()).toMatchObject({
      value: { path: `${daemon.folder}/w/f`, change: "changed" },
    });
    const next = changes.next();
    stop.abort();
    await expect(next).rejects.toThrow(/abort/i);

    const { matches } = await guest.searchFiles(
      { path: "w", query: "new", regex: false, caseSensitive: true, maxResults: 10 },
      soon(),
    );
    expect(matches).toEqual([{ path: `${daemon.folder}/w/f`, line: 1, column: 1, text: "new text" }]);
    expect(
      await guest.moveFile({ from: "w/f", to: "w/g", overwrite: false, mkdirs: false }, soon()),
    ).toMatchObject({ name: "g" });
    await guest.makeFolder({ path: "out", parents: true }, soon());
    await guest.writeArchive("out", await guest.readArchive("w", soon()), soon());
    expect(await readFile(`${daemon.folder}/out/g`, "utf8")).toBe("new text\n");
    const wrong = guest.writeArchive("out", Readable.from([Buffer.alloc(1000, "x")]), soon());
    await expect(wrong).rejects.toEqual(code("bad_request"));
  });

  it("of 2 × 300 MB pass through without being gathered", async () => {
    const before = process.memoryUsage.rss();
    const chunk = Buffer.alloc(262_144);
    const source = Readable.from(
      (function* () {
        for (let i = 0; i < 1144; i++) yield chunk;
      })(),
    );
    await guest.writeFile("large", source, { mkdirs: false }, soon());
    let size = 0;
    for await (const data of (await guest.readFile("large", {}, soon())).stream as AsyncIterable<Buffer>)
      size += data.length;
    expect(size).toBe(1144 * 262_144);
    expect((process.memoryUsage.rss() - before) / 2 ** 20).toBeLessThan(128);
  });
});

describe("processes", () => {
  it("are started, listened to, written to and ended", async () => {
    const started = await guest.startProcess({ command: "echo ready; cat", name: "echo" }, soon());
    expect(started).toMatchObject({ managed: true, running: true, name: "echo" });
    await guest.writeProcess(started.pid, Readable.from([Buffer.from("hello\n")]), { end: true }, soon());
    const all = async () =>
      text((await guest.processOutput(started.pid, { since: 0, follow: false }, soon())).stream);
    await expect.poll(all).toBe("ready\nhello\n");
    const { from, stream } = await guest.processOutput(started.pid, { since: 6, follow: true }, soon());
    expect([from, await text(stream)]).toEqual([6, "hello\n"]);
    expect(await guest.process(started.pid, soon())).toMatchObject({ running: false, exitCode: 0 });
    await expect(guest.signalProcess(started.pid, "SIGTERM", soon())).rejects.toEqual(
      code("process_not_found"),
    );
  });
});

describe("terminals", () => {
  it("are reached over a connection of their own", async () => {
    const terminal = await guest.openTerminal({ cols: 90, rows: 20 }, soon());
    const { socket, path, headers } = await guest.connectTerminal(terminal.id, { since: 0 }, soon());
    const client = new WebSocket(`ws://cave${path}`, {
      createConnection: () => socket as never,
      headers,
      perMessageDeflate: false,
    });
    const output: Buffer[] = [];
    client.on(
      "message",
      (data: Buffer, isBinary) => isBinary && data[0] === channel.output && output.push(data.subarray(1)),
    );
    await once(client, "open");
    client.send(Buffer.concat([Buffer.of(channel.input), Buffer.from("echo si''ze: $(stty size)\n")]));
    await vi.waitFor(() => expect(Buffer.concat(output).toString()).toContain("size: 20 90"), 5_000);
    expect(await guest.terminals(soon())).toMatchObject([{ id: terminal.id, viewers: 1 }]);
    await guest.closeTerminal(terminal.id, soon());
    await once(client, "close");
    await expect(guest.closeTerminal(terminal.id, soon())).rejects.toEqual(code("terminal_not_found"));
  });
});

describe("what goes on inside", () => {
  it("is told as it changes", async () => {
    const stop = new AbortController();
    const seen: GuestEvent[] = [];
    const watching = (async () => {
      for await (const event of await guest.watch(stop.signal)) seen.push(event);
    })();
    watching.catch(() => undefined);
    await vi.waitFor(() =>
      expect(new Set(seen.map(({ kind }) => kind))).toEqual(new Set(["ports", "services", "activity"])),
    );
    stop.abort();
    await expect(watching).rejects.toThrow(/abort/i);
    expect(await guest.ports(soon())).toEqual(expect.any(Array));
    expect((await guest.metrics(soon())).cpuMs).toBeGreaterThan(0);
    expect(await guest.diskUsage(soon())).toBeGreaterThan(0);
    await expect(guest.startService("nonsense", soon())).rejects.toEqual(code("surface_unavailable"));
  });

  it("hands over the gateway's variables", async () => {
    await guest.setEnvironment({ GHOST_CAVE_NAME: "den", OURS: "1" }, soon());
    expect((await run({ command: "echo $GHOST_CAVE_NAME $OURS" })).stdout.toString()).toBe("den 1\n");
    await guest.setEnvironment({}, soon());
    expect((await run({ command: "echo $OURS" })).stdout.toString()).toBe("\n");
  });

  it("knows the secrets", async () => {
    await guest.setSecrets({ API_KEY: "s3cret" }, soon());
    expect((await run({ command: "echo $API_KEY" })).stdout.toString()).toBe("s3cret\n");
    await guest.setSecrets({}, soon());
    await writeFile(`${daemon.folder}/unused`, "");
    expect(await buffer((await guest.readFile("unused", {}, soon())).stream)).toHaveLength(0);
  });
});
