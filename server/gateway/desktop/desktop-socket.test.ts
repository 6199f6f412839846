import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { startTestServer, type TestServer } from "../../../tests/support/test-server.ts";
import { AppError } from "../../lib/app-error.ts";
import { acting, hello, looking } from "./testing/rfb-client.ts";
import type { ServiceState } from "#contract/cave.ts";
import { desktopClose } from "#contract/desktop.ts";

/** Stands for Xvnc: says its version, and keeps what it is sent. */
interface Server {
  socket: Socket;
  got: Buffer;
}
const banner = "RFB 003.008\n";
const servers: Server[] = [];
const xvnc = createServer((socket) => {
  const server: Server = { socket, got: Buffer.alloc(0) };
  servers.push(server);
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk: Buffer) => (server.got = Buffer.concat([server.got, chunk])));
  socket.write(banner);
});

let running: boolean;
let starts: number;
let startService: () => Promise<ServiceState>;
const since = new Date(0).toISOString();
const dialled: Socket[] = [];

let ghost: TestServer;
beforeAll(async () => {
  xvnc.listen(0, "127.0.0.1");
  await once(xvnc, "listening");
  ghost = await startTestServer({
    inside: {
      async connectService(name) {
        expect(name).toBe("desktop");
        if (!running) throw new AppError("surface_stopped", "Not running.");
        const socket = connect((xvnc.address() as AddressInfo).port, "127.0.0.1");
        dialled.push(socket);
        await once(socket, "connect");
        return socket;
      },
      startService: () => {
        starts++;
        return startService();
      },
    },
  });
  await ghost.client.caves.create({ body: { name: "den", image: "plain" } });
});
afterAll(async () => {
  await ghost[Symbol.asyncDispose]();
  for (const { socket } of servers) socket.destroy();
  xvnc.close();
});
beforeEach(() => {
  servers.length = 0;
  dialled.length = 0;
  running = true;
  starts = 0;
  startService = () => {
    running = true;
    return Promise.resolve({ state: "ready", since });
  };
});

interface Viewer {
  socket: WebSocket;
  got: () => string;
  closed: Promise<[code: number, reason: string]>;
}

function open(mode = "control", token = ghost.token, cave = "den"): Viewer {
  const socket = new WebSocket(
    `${ghost.url.replace("http", "ws")}/v1/caves/${cave}/desktop?mode=${mode}`,
    "binary",
    {
      headers: { authorization: `Bearer ${token}` },
    },
  );
  let got = Buffer.alloc(0);
  socket.on("message", (data: Buffer) => (got = Buffer.concat([got, data])));
  socket.on("error", () => undefined);
  const closed = once(socket, "close").then(
    ([code, reason]) => [code as number, String(reason)] as [number, string],
  );
  return { socket, got: () => got.toString("latin1"), closed };
}

async function greeted(mode?: string, token?: string, cave?: string): Promise<Viewer & { server: Server }> {
  const before = servers.length;
  const viewer = open(mode, token, cave);
  await vi.waitFor(() => expect(viewer.got()).toBe(banner));
  const server = servers[before];
  if (!server) throw new Error("Nobody connected.");
  viewer.socket.send(hello);
  await vi.waitFor(() => expect(server.got.length).toBe(14));
  return { ...viewer, server };
}

describe("a desktop's WebSocket", () => {
  it("carries RFB both ways, in a mode that the server holds to", async () => {
    const control = await greeted("control");
    const view = await greeted("view");
    expect(control.socket.protocol).toBe("binary");
    expect(control.socket.extensions).toBe("");
    for (const { socket, server } of [control, view]) {
      for (const bytes of [...Object.values(acting), ...Object.values(looking)]) socket.send(bytes);
      socket.send(looking.fence);
      await vi.waitFor(() =>
        expect(server.got.includes(Buffer.concat([looking.fence, looking.fence]))).toBe(true),
      );
    }
    const start = Buffer.concat([Buffer.from(banner), Buffer.of(1, 1)]);
    const looked = [...Object.values(looking), looking.fence];
    expect(view.server.got).toEqual(Buffer.concat([start, ...looked]));
    expect(control.server.got).toEqual(Buffer.concat([start, ...Object.values(acting), ...looked]));

    const frame = Buffer.alloc(3_000_000, "pixels ");
    control.server.socket.write(frame);
    await vi.waitFor(() => expect(control.got().length).toBe(frame.length + banner.length), 5_000);
    expect(control.got().slice(banner.length)).toBe(frame.toString());
    for (const { socket, server, closed } of [control, view]) {
      const gone = once(server.socket, "close");
      socket.close();
      expect(await closed).toEqual([1000, ""]);
      await gone;
    }
    await vi.waitFor(() => expect(ghost.ctx.ongoing.size).toBe(0));
  });

  it("takes frames of a byte, and parts of messages", async () => {
    const { socket, server, closed } = await greeted("view");
    for (const byte of Buffer.concat([acting.key, looking.encodings])) socket.send(Buffer.of(byte));
    for (const byte of looking.fence) socket.send(Buffer.of(byte), { fin: false });
    socket.send(acting.pointer, { fin: true });
    socket.ping("here?");
    expect(String((await once(socket, "pong"))[0])).toBe("here?");
    await vi.waitFor(() =>
      expect(server.got.subarray(14)).toEqual(Buffer.concat([looking.encodings, looking.fence])),
    );
    socket.close(1000);
    expect((await closed)[0]).toBe(1000);
  });

  it("never lets a viewer act, whatever he sends", async () => {
    const input = Object.values(acting);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...input, ...Object.values(looking)), { maxLength: 10 }),
        fc.uint8Array({ maxLength: 200 }),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }),
        async (messages, noise, sizes) => {
          servers.length = 0;
          const { socket, server, closed } = await greeted("view");
          const looks = messages.filter((bytes) => !(input as readonly Buffer[]).includes(bytes));
          const sent = Buffer.concat([...messages, looking.fence, Buffer.of(1), noise]); // 1: no message there is
          for (let at = 0, i = 0; at < sent.length; i++) {
            const size = sizes[i % sizes.length] ?? 1;
            socket.send(sent.subarray(at, at + size));
            at += size;
          }
          expect(await closed).toEqual([1008, "RFB messages of type 1 are not let through."]);
          const passed = server.got.subarray(14);
          const wanted = Buffer.concat([...looks, looking.fence]);
          expect(wanted.subarray(0, passed.length).equals(passed)).toBe(true);
        },
      ),
      { numRuns: 25 },
    );
    await vi.waitFor(() => expect(ghost.ctx.ongoing.size).toBe(0));
  });

  it("starts the desktop when it does not run, and is silent until then", async () => {
    running = false;
    const ready = Promise.withResolvers<ServiceState>();
    startService = () => ready.promise;
    const viewer = open();
    await once(viewer.socket, "open");
    viewer.socket.ping();
    await once(viewer.socket, "pong");
    expect(viewer.got()).toBe("");
    running = true;
    ready.resolve({ state: "ready", since });
    await vi.waitFor(() => expect(viewer.got()).toBe(banner));
    expect(starts).toBe(1);
    viewer.socket.close();

    running = false;
    startService = () => Promise.resolve({ state: "failed", since, reason: "openbox ended with code 1." });
    expect(await open().closed).toEqual([
      desktopClose.unavailable,
      "The desktop did not start. openbox ended with code 1.",
    ]);
    startService = () =>
      Promise.reject(new AppError("surface_unavailable", "This cave's image has no desktop."));
    expect(await open().closed).toEqual([desktopClose.unavailable, "This cave's image has no desktop."]);
    startService = () => Promise.reject(new Error("secret detail"));
    expect(await open().closed).toEqual([desktopClose.gone, "The desktop could not be reached."]);
  });

  it("ends with the desktop, with whoever speaks first, and with what is no WebSocket", async () => {
    const { server, closed } = await greeted();
    server.socket.destroy();
    expect(await closed).toEqual([desktopClose.gone, "The desktop ended."]);

    running = false;
    startService = () => new Promise(() => undefined);
    const eager = open();
    await once(eager.socket, "open");
    eager.socket.send(hello);
    expect(await eager.closed).toEqual([1008, "In RFB the server speaks first."]);

    running = true;
    const text = await greeted();
    text.socket.send("text");
    expect((await text.closed)[0]).toBe(1003);
    const gone = once(text.server.socket, "close");
    await gone;
  });

  it("ends with the token that opened it", async () => {
    const made = await ghost.client.accounts.createToken({ body: { name: "t", scopes: ["caves:exec"] } });
    const { closed } = await greeted("view", made.secret);
    await ghost.client.accounts.revokeToken({ params: { id: made.id } });
    expect((await closed)[0]).toBe(desktopClose.unauthenticated);
    const reading = await ghost.tokenOf("admin", ["caves:read"]);
    const refused = open("view", reading);
    const [, response] = (await once(refused.socket, "unexpected-response")) as [
      unknown,
      { statusCode: number },
    ];
    expect(response.statusCode).toBe(403);
  });

  it("makes both ends wait for each other", async () => {
    const { socket, server, got } = await greeted();
    socket.pause();
    const chunk = Buffer.alloc(65_536);
    let sent = 0;
    const gateway = () => dialled.at(-1);
    while (gateway()?.isPaused() !== true || server.socket.writableLength < 4 * chunk.length) {
      if (server.socket.writableLength < 8 * chunk.length) {
        server.socket.write(chunk);
        sent += chunk.length;
      }
      await new Promise(setImmediate);
      expect(sent).toBeLessThan(200 * 2 ** 20);
    }
    socket.resume();
    await vi.waitFor(() => expect(got().length).toBe(banner.length + sent), 10_000);

    server.socket.pause();
    const text = Buffer.alloc(8 + 2 ** 20);
    text[0] = 6;
    text.writeUInt32BE(2 ** 20, 4);
    let written = 0;
    while (socket.bufferedAmount < 4 * text.length) {
      socket.send(text);
      written += text.length;
      await new Promise(setImmediate);
      expect(written).toBeLessThan(200 * 2 ** 20);
    }
    server.got = Buffer.alloc(0);
    let received = 0;
    server.socket.removeAllListeners("data").on("data", (data: Buffer) => (received += data.length));
    server.socket.resume();
    await vi.waitFor(() => expect(received).toBe(written), 10_000);
    socket.close();
  });

  it("counts input as activity, and watching not", async () => {
    await ghost.client.caves.create({ body: { name: "quiet", image: "plain" } });
    const activity = async () => (await ghost.client.caves.get({ params: { cave: "quiet" } })).lastActivity;
    const before = await activity();
    expect(before.what).not.toBe("desktop");
    const view = await greeted("view", ghost.token, "quiet");
    view.socket.send(acting.key);
    view.socket.send(looking.fence);
    await vi.waitFor(() => expect(view.server.got.subarray(14)).toEqual(looking.fence));
    expect(await activity()).toEqual(before);
    const control = await greeted("control", ghost.token, "quiet");
    const opened = await activity();
    expect(opened.what).toBe("desktop");
    await vi.waitFor(async () => {
      control.socket.send(acting.key);
      expect((await activity()).at > opened.at).toBe(true);
    });
    view.socket.close();
    control.socket.close();
  });
});

describe("a handshake", () => {
  const key = "dGhlIHNhbXBsZSBub25jZQ==";
  async function answer(lines: readonly string[], after = Buffer.alloc(0)): Promise<string> {
    const socket = connect(ghost.port, "127.0.0.1");
    const head = [
      "GET /v1/caves/den/desktop HTTP/1.1",
      `Host: 127.0.0.1:${ghost.port}`,
      `Authorization: Bearer ${ghost.token}`,
      "Connection: Upgrade",
      "Upgrade: websocket",
      ...lines,
    ];
    socket.write(Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), after]));
    const bytes: Buffer[] = [];
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      bytes.push(chunk);
      if (Buffer.concat(bytes).includes("\r\n\r\n") && after.length === 0) break;
    }
    return Buffer.concat(bytes).toString("latin1");
  }

  it("is answered as RFC 6455 has it", async () => {
    const said = await answer([
      "Sec-WebSocket-Version: 13",
      `Sec-WebSocket-Key: ${key}`,
      "Sec-WebSocket-Extensions: permessage-deflate",
    ]);
    expect(said).toMatch(/^HTTP\/1.1 101 /);
    expect(said).toContain("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    expect(said).not.toMatch(/extensions|protocol:/i);
  });

  it.each([
    ["no key", ["Sec-WebSocket-Version: 13"]],
    ["a key that is none", ["Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: short"]],
    ["another version", ["Sec-WebSocket-Version: 8", `Sec-WebSocket-Key: ${key}`]],
  ])("is refused with %s", async (_, lines) => {
    expect(await answer(lines)).toMatch(/^HTTP\/1.1 400 [\s\S]*"bad_request"/);
  });

  it("may have its first frames with it", async () => {
    const unmasked = Buffer.from([0x82, 1, 0]);
    const said = await answer(["Sec-WebSocket-Version: 13", `Sec-WebSocket-Key: ${key}`], unmasked);
    expect(said).toMatch(/^HTTP\/1.1 101 [\s\S]*\x88.\x03\xeaA client's frames must be masked\.$/);
  });
});
