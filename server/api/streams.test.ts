import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { expect, it, vi } from "vitest";
import { startTestServer } from "../../tests/support/test-server.ts";
import type { ExecEvent, ExecRequest, Guest } from "../guest/guest.ts";
import { AppError } from "../lib/app-error.ts";
import { linesOf } from "./lines.ts";
import { chunkEncoder, encodeOutput } from "./output-text.ts";
import type { ExecExit, FileEntry } from "#contract/inside.ts";

const cave = { cave: "den" };
const exit: ExecExit = {
  exitCode: 0,
  timedOut: false,
  truncated: { stdout: false, stderr: false },
  durationMs: 1,
};

async function withInside(inside: Partial<Guest>) {
  const ghost = await startTestServer({ inside });
  await ghost.client.caves.create({ body: { name: "den", image: "plain" } });
  return ghost;
}

/** An exec that gives what it is told to, and says when it was broken off. */
function execOf(...events: ExecEvent[]) {
  const seen = { ended: false, input: undefined as ExecRequest | undefined };
  const exec: Guest["exec"] = (input) => {
    seen.input = input;
    async function* run(): AsyncGenerator<ExecEvent> {
      try {
        await Promise.resolve();
        yield* events;
      } finally {
        seen.ended = true;
      }
    }
    return Promise.resolve(run());
  };
  return { exec, seen };
}

it("answers what a command printed, whatever the bytes", async () => {
  const { exec } = execOf(
    { kind: "stdout", data: Buffer.from([0xc3]) },
    { kind: "stdout", data: Buffer.from([0xbc]) },
    { kind: "stderr", data: Buffer.from([0xff, 0]) },
    { kind: "exit", exit: { ...exit, exitCode: 3 } },
  );
  await using ghost = await withInside({ exec });
  expect(await ghost.client.exec.run({ params: cave, body: { command: "x" } })).toEqual({
    ...exit,
    exitCode: 3,
    stdout: "ü",
    stderr: "/wA=",
    encoding: { stdout: "utf8", stderr: "base64" },
  });
  const events = [];
  for await (const event of ghost.client.exec.run.events({ params: cave, body: { argv: ["x"] } }))
    events.push(event);
  expect(events).toEqual([
    { event: "stdout", data: { text: "ü" } },
    { event: "stderr", data: { base64: "/wA=" } },
    { event: "exit", data: { ...exit, exitCode: 3 } },
  ]);
});

it("streams a raw body to the command", async () => {
  let stdin = 0;
  const exec: Guest["exec"] = async (input) => {
    for await (const chunk of input.stdin ?? []) stdin += (chunk as Buffer).length;
    return execOf({ kind: "exit", exit }).exec(input, new AbortController().signal);
  };
  await using ghost = await withInside({ exec });
  const body = Readable.from(Array.from({ length: 50 }, () => Buffer.alloc(100_000)));
  await ghost.client.exec.run({ params: cave, query: { command: "wc -c" }, body });
  expect(stdin).toBe(5_000_000);
  await expect(ghost.client.exec.run({ params: cave, body: "bytes" })).rejects.toMatchObject({
    code: "invalid_input",
  });
  await expect(ghost.client.exec.run({ params: cave, body: {} })).rejects.toMatchObject({
    code: "invalid_input",
  });
});

it("breaks a command off when its caller goes away", async () => {
  const [started, gone] = [vi.fn(), vi.fn()];
  const exec: Guest["exec"] = (_, signal) => {
    async function* run(): AsyncGenerator<ExecEvent> {
      started();
      yield { kind: "stdout", data: Buffer.from("started") };
      await once(signal, "abort");
      gone();
    }
    return Promise.resolve(run());
  };
  await using ghost = await withInside({ exec });
  for (const kind of ["json", "events"] as const) {
    gone.mockClear();
    started.mockClear();
    const stop = new AbortController();
    const run = ghost.client.exec.run;
    const input = { params: cave, body: { command: "x" } };
    const call =
      kind === "json"
        ? run(input, { signal: stop.signal })
        : (async () => {
            for await (const _ of run.events(input, { signal: stop.signal })) stop.abort();
          })();
    call.catch(() => undefined);
    await vi.waitFor(() => expect(started).toHaveBeenCalled());
    if (kind === "json") stop.abort();
    await vi.waitFor(() => expect(gone).toHaveBeenCalledOnce());
    await vi.waitFor(() => expect(ghost.ctx.ongoing.size).toBe(0));
  }
});

it("takes no more output than its reader does", async () => {
  let given = 0;
  const exec: Guest["exec"] = () => {
    async function* run(): AsyncGenerator<ExecEvent> {
      for (; given < 10_000; given++) {
        await new Promise((resolve) => setImmediate(resolve));
        yield { kind: "stdout", data: Buffer.alloc(65_536, 97) };
      }
    }
    return Promise.resolve(run());
  };
  await using ghost = await withInside({ exec });
  const request = httpRequest(`${ghost.url}/v1/caves/den/exec`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${ghost.token}`,
      "content-type": "application/json",
      accept: "text/event-stream",
    },
  });
  request.end('{"command":"yes"}');
  const [response] = (await once(request, "response")) as [Readable];
  response.pause();
  let before = -1;
  const more = () => {
    const some = given !== before;
    before = given;
    return some;
  };
  await expect.poll(more, { interval: 200, timeout: 10_000 }).toBe(false);
  expect(given).toBeLessThan(500);
  request.destroy();
});

it("says inside a stream why it failed", async () => {
  const exec: Guest["exec"] = () => {
    async function* run(): AsyncGenerator<ExecEvent> {
      yield { kind: "stdout", data: Buffer.from("a") };
      await Promise.resolve();
      throw new AppError("cave_unreachable", "The cave is gone.");
    }
    return Promise.resolve(run());
  };
  await using ghost = await withInside({ exec });
  const seen: string[] = [];
  const read = async () => {
    for await (const { event } of ghost.client.exec.run.events({ params: cave, body: { command: "x" } }))
      seen.push(event);
  };
  await expect(read()).rejects.toMatchObject({ code: "cave_unreachable" });
  expect(seen).toEqual(["stdout"]);
  await expect(
    ghost.client.exec.run({ params: { cave: "no" }, body: { command: "x" } }),
  ).rejects.toMatchObject({ status: 404 });
});

it("hides what is not for the caller", async () => {
  await using ghost = await withInside({ ports: () => Promise.reject(new Error("password is hunter2")) });
  const error = await ghost.client.ports.list({ params: cave }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "internal", status: 500, requestId: expect.any(String) as string });
  expect(JSON.stringify(error) + String(error)).not.toContain("hunter2");
  expect(ghost.log()).toContain("hunter2");
});

it("streams progress, and resumes the fleet's events", async () => {
  await using ghost = await withInside({});
  const events = [];
  for await (const one of ghost.client.caves.create.events({ body: { name: "two", image: "plain" } }))
    events.push(one);
  expect(events.at(-1)).toMatchObject({ event: "cave", data: { name: "two", state: "running" } });
  expect(events.slice(0, -1).every(({ event }) => event === "progress")).toBe(true);

  let last = "";
  for await (const { id = "", data } of ghost.client.caves.events.events()) {
    last = id;
    if (data.type === "cave" && data.cave.name === "two") break;
  }
  await ghost.client.caves.remove({ params: { cave: "two" } });
  for await (const { data } of ghost.client.caves.events.events({ headers: { "last-event-id": last } })) {
    expect(data.type === "cave" && data.cave.name === "den").toBe(false);
    if (data.type === "removed") break;
  }
  await vi.waitFor(() => expect(ghost.ctx.ongoing.size).toBe(0));
});

const bytes = Buffer.from("0123456789");
const entry: FileEntry = {
  name: "a ü'.txt",
  path: "/workspace/a",
  kind: "file",
  sizeBytes: bytes.length,
  modifiedAt: "2026-01-01T00:00:00.000Z",
  mode: 0o644,
  etag: '"v1"',
};
const filesInside: Partial<Guest> = {
  stat: () => Promise.resolve(entry),
  listFolder: (path) => {
    if (path === "file") throw new AppError("file_kind", "That is a file.");
    return Promise.resolve({ path, entries: [entry], truncated: false });
  },
  readFile: (path, { range }) => {
    if (path === "folder") throw new AppError("file_kind", "That is a folder.");
    const start = range?.start ?? (range?.end === undefined ? 0 : bytes.length - range.end);
    if (start >= bytes.length) throw new AppError("range_not_satisfiable", "There is no such range.");
    const end =
      range?.start === undefined ? bytes.length : Math.min((range.end ?? Infinity) + 1, bytes.length);
    const stream = Readable.from([bytes.subarray(start, end)]);
    if (path === "/proc/x") return Promise.resolve({ entry: { ...entry, sizeBytes: 0 }, start, stream });
    return Promise.resolve({ entry, start, length: end - start, stream });
  },
};

it("answers files, parts of them, and folders", async () => {
  await using ghost = await withInside(filesInside);
  const read = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${ghost.url}/v1/caves/den/files?path=${encodeURIComponent(path)}`, {
      headers: { authorization: `Bearer ${ghost.token}`, ...headers },
    });
    const { headers: got, status } = response;
    return {
      status,
      text: await response.text(),
      range: got.get("content-range"),
      etag: got.get("etag"),
      type: got.get("content-type"),
      length: got.get("content-length"),
      name: got.get("content-disposition"),
    };
  };
  expect(await read("file")).toMatchObject({
    ...{ status: 200, text: "0123456789", etag: '"v1"', length: "10", type: "application/octet-stream" },
    name: "attachment; filename*=UTF-8''a%20%C3%BC%27.txt",
  });
  expect(await read("file", { range: "bytes=2-4" })).toMatchObject({
    status: 206,
    text: "234",
    range: "bytes 2-4/10",
  });
  expect(await read("file", { range: "bytes=7-" })).toMatchObject({
    status: 206,
    text: "789",
    range: "bytes 7-9/10",
  });
  expect(await read("file", { range: "bytes=-3" })).toMatchObject({ status: 206, text: "789" });
  expect(await read("file", { range: "bytes=20-" })).toMatchObject({ status: 416 });
  expect(await read("file", { range: "bytes=4-2" })).toMatchObject({ status: 200 });
  expect(await read("file", { range: "bytes=0-1,3-4" })).toMatchObject({ status: 200 });
  expect(await read("file", { range: "bytes=2-4", "if-range": '"old"' })).toMatchObject({ status: 200 });
  expect(await read("file", { range: "bytes=2-4", "if-range": '"v1"' })).toMatchObject({ status: 206 });
  expect(await read("file", { "if-none-match": '"v0", "v1"' })).toMatchObject({
    status: 304,
    text: "",
    etag: '"v1"',
  });
  expect(await read("/proc/x")).toMatchObject({ status: 200, text: "0123456789", length: null });
  expect(await read("folder")).toMatchObject({ status: 200, type: "application/json; charset=utf-8" });
  expect(await ghost.client.files.read({ params: cave, query: { path: "folder" } })).toMatchObject({
    truncated: false,
  });
  expect(await ghost.client.files.read({ params: cave, query: { path: "file", stat: true } })).toEqual(entry);
  await expect(ghost.client.files.read({ params: cave, query: { path: "file" } })).rejects.toMatchObject({
    code: "file_kind",
  });
  await expect(
    ghost.client.files.read.stream({ params: cave, query: { path: "folder" } }),
  ).rejects.toMatchObject({ code: "file_kind" });
});

it("writes what it is sent, under the conditions that came with it", async () => {
  const written: unknown[] = [];
  await using ghost = await withInside({
    writeFile: async (path, body, options) => {
      written.push([path, (await buffer(body)).length, options]);
      return entry;
    },
  });
  const write = ghost.client.files.write;
  const body = Readable.from([Buffer.alloc(70_000), Buffer.alloc(70_000)]);
  expect(
    await write({
      params: cave,
      query: { path: "a", mkdirs: true, mode: "755" },
      headers: { "if-match": '"v1"' },
      body,
    }),
  ).toEqual(entry);
  await write({ params: cave, query: { path: "b" }, headers: { "if-none-match": "*" }, body: "" });
  expect(written).toEqual([
    ["a", 140_000, { mkdirs: true, mode: 0o755, ifMatch: '"v1"' }],
    ["b", 0, { mkdirs: false, ifNoneMatch: "*" }],
  ]);
  await expect(
    write({ params: cave, query: { path: "b" }, headers: { "if-none-match": '"x"' }, body: "" }),
  ).rejects.toMatchObject({ code: "bad_request" });
});

it("cuts characters nowhere", () => {
  const all = Buffer.from("aü€😀z");
  for (let cut = 0; cut <= all.length; cut++) {
    const encoder = chunkEncoder();
    const parts = [encoder.push(all.subarray(0, cut)), encoder.push(all.subarray(cut)), encoder.end()];
    expect(parts.map((part) => (part && "text" in part ? part.text : "")).join("")).toBe("aü€😀z");
    expect(encodeOutput(all.subarray(0, cut), true).encoding).toBe("utf8");
  }
  expect(encodeOutput(all.subarray(0, 2), false)).toEqual({ text: "YcM=", encoding: "base64" });
});

it("reads lines of any length", async () => {
  const pieces = ["a\nb", "c\r\n", "\n", "x".repeat(200_000), "y"].map((text) => Buffer.from(text));
  const lines = [];
  for await (const line of linesOf(Readable.from(pieces))) lines.push(line.length);
  expect(lines.slice(0, 3)).toEqual([1, 2, 0]);
  expect(lines.slice(3).reduce((sum, length) => sum + length)).toBe(200_001);
});
