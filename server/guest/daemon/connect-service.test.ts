import { once } from "node:events";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer, Socket, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createMemoryBackend } from "../../backends/memory/memory-backend.ts";
import { openBareGuest } from "../bare/bare-guest.ts";
import type { Guest } from "../guest.ts";
import { openDaemonGuest } from "./daemon-guest.ts";
import { startHostDaemon, type HostDaemon } from "./testing/host-daemon.ts";

const soon = () => AbortSignal.timeout(15_000);
const code = (wanted: string) => expect.objectContaining({ name: "AppError", code: wanted }) as unknown;

/** Stands for code-server: answers a request for the first page, and sends everything else back as it came. */
const stub = `#!${process.execPath}
const { createServer } = require("node:net");
createServer((socket) => {
  socket.on("error", () => socket.destroy());
  socket.once("data", (first) => {
    if (String(first).startsWith("GET / ")) return socket.end("HTTP/1.1 200 OK\\r\\ncontent-length: 0\\r\\n\\r\\n");
    socket.write(first);
    socket.pipe(socket);
  });
}).listen(process.argv[process.argv.indexOf("--socket") + 1]);
`;

describe("a service's stream", () => {
  let folder: string;
  let daemon: HostDaemon;
  let guest: Guest;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "guest-services-"));
    await chmod(folder, 0o755);
    await mkdir(`${folder}/bin`);
    await mkdir(`${folder}/run`);
    await chmod(`${folder}/run`, 0o777);
    await writeFile(`${folder}/bin/code-server`, stub, { mode: 0o755 });
    daemon = await startHostDaemon({
      PATH: `${folder}/bin:/usr/bin:/bin`,
      GHOST_DAEMON_RUN: `${folder}/run`,
    });
    guest = daemon.guest;
  });
  afterAll(async () => {
    await daemon[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  it("is there once it runs, is the dialled socket itself, and ends with it", async () => {
    await expect(guest.connectService("code", soon())).rejects.toEqual(code("surface_stopped"));
    await expect(guest.connectService("nonsense", soon())).rejects.toEqual(code("surface_unavailable"));
    expect(await guest.startService("code", soon())).toMatchObject({ state: "ready" });

    const stop = new AbortController();
    const stream = await guest.connectService("code", stop.signal);
    expect(stream).toBeInstanceOf(Socket);
    expect(stream).toBe(daemon.dialled.at(-1));
    stop.abort(); // its making is over
    const sent = Buffer.alloc(3_000_000, "ghost ");
    let got = Buffer.alloc(0);
    stream.on("data", (chunk: Buffer) => (got = Buffer.concat([got, chunk])));
    stream.write(sent);
    await vi.waitFor(() => expect(got.length).toBe(sent.length), 5_000);
    expect(got.equals(sent)).toBe(true);

    const closed = once(stream, "close");
    await guest.stopService("code", soon());
    await closed;
  });

  it("is not there in an image without the daemon", async () => {
    await using backend = createMemoryBackend({ instance: "bare" });
    await using bare = openBareGuest({ id: "cave-a", backend });
    await expect(bare.connectService("desktop", soon())).rejects.toEqual(code("surface_unavailable"));
  });
});

describe("what answers instead of the daemon", () => {
  async function answering(bytes: string): Promise<Guest & { port: number }> {
    const server = createServer((socket) => {
      socket.on("error", () => socket.destroy());
      socket.once("data", () => (bytes === "" ? socket.destroy() : socket.write(bytes, "latin1")));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const dial = async () => {
      const socket = connect(port, "127.0.0.1");
      await once(socket, "connect");
      return socket;
    };
    return Object.assign(openDaemonGuest({ dial, token: "t" }), {
      port,
      [Symbol.asyncDispose]: () => {
        server.close();
        return Promise.resolve();
      },
    });
  }
  const agreed = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ghost-stream\r\n\r\n";

  it("loses nothing of what comes with its first words", async () => {
    await using guest = await answering(`${agreed}RFB 003.008\n`);
    const stream = await guest.connectService("desktop", soon());
    expect(String((await once(stream, "data"))[0])).toBe("RFB 003.008\n");
    stream.destroy();
  });

  it("may fail between two listeners without anybody's harm", async () => {
    await using guest = await answering(agreed);
    const stream = await guest.connectService("desktop", soon());
    stream.destroy(new Error("ECONNRESET"));
    await once(stream, "close").catch(() => undefined);
    expect(stream.destroyed).toBe(true);
  });

  const refusal = (body: string) =>
    `HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  it.each([
    ["nothing", ""],
    ["no HTTP", "SSH-2.0-OpenSSH\r\n\r\n"],
    ["a refusal without a reason", refusal("")],
    ["a code that is not its own to give", refusal('{"code":"forbidden","message":"x"}')],
    ["an endless head", `HTTP/1.1 101 X\r\nA: ${"x".repeat(100_000)}`],
  ])("is not believed: %s", async (_, bytes) => {
    await using guest = await answering(bytes);
    await expect(guest.connectService("desktop", soon())).rejects.toEqual(code("cave_unreachable"));
  });

  it.each([
    ["no picture", "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n<svg"],
    ["nothing", "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"],
    ["a picture without end", `HTTP/1.1 200 OK\r\n\r\n\xff\xd8\xff${"x".repeat(2 ** 20)}`],
  ])("does not pass for a thumbnail: %s", async (_, bytes) => {
    await using guest = await answering(bytes);
    await expect(guest.desktopThumbnail(320, soon())).rejects.toEqual(code("cave_unreachable"));
  });

  it("is waited for only as long as the caller wants", async () => {
    await using guest = await answering("HTTP/1.1 ");
    await expect(guest.connectService("desktop", AbortSignal.timeout(50))).rejects.toThrow(/timeout/i);
  });
});

it("a service's stream ends for its reader when the service ends it", async () => {
  const server = createServer((socket) => {
    socket.once("data", () =>
      socket.end("HTTP/1.1 101 X\r\nConnection: Upgrade\r\nUpgrade: ghost-stream\r\n\r\nall of it"),
    );
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  await using guest = openDaemonGuest({
    token: "t",
    dial: async () => {
      const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
      await once(socket, "connect");
      return socket;
    },
  });
  expect(await text(await guest.connectService("code", soon()))).toBe("all of it");
  server.close();
});
