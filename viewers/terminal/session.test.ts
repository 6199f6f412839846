import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocketServer, type WebSocket as ServerSocket } from "ws";
import type { Look } from "./session-state.ts";
import { TerminalSession } from "./session.ts";
import { ackBytes, channel, closeCode, type ClientControl, type ServerControl } from "#contract/frames.ts";

let server: WebSocketServer;
let sockets: ServerSocket[];
let sinces: (string | null)[];
let heard: (ClientControl | string)[];
/** What the server says first. */
let greeting: Extract<ServerControl, { type: "attached" }> | undefined;
let answersPings: boolean;

const attached = (more: Partial<NonNullable<typeof greeting>> = {}): typeof greeting => ({
  ...{ type: "attached", offset: 0, cols: 80, rows: 24, viewers: 1, control: true, resumed: false },
  ...more,
});

function listen(port = 0): Promise<unknown> {
  server = new WebSocketServer({ port, host: "127.0.0.1" });
  server.on("connection", (socket, request) => {
    sockets.push(socket);
    sinces.push(new URL(request.url ?? "", "http://x").searchParams.get("since"));
    socket.on("message", (data: Buffer, isBinary) => {
      const message = isBinary ? data.subarray(1).toString() : (JSON.parse(data.toString()) as ClientControl);
      heard.push(message);
      if (typeof message === "object" && message.type === "ping" && answersPings)
        say({ type: "pong", id: message.id });
    });
    if (greeting) say(greeting);
  });
  return once(server, "listening");
}
async function stop(): Promise<void> {
  for (const socket of sockets) socket.terminate();
  server.close();
  await once(server, "close");
}
const say = (control: ServerControl) => sockets.at(-1)?.send(JSON.stringify(control));
const output = (text: string) =>
  sockets.at(-1)?.send(Buffer.concat([Buffer.of(channel.output), Buffer.from(text)]));
function snapshot(offset: number, text: string): void {
  const head = Buffer.alloc(9);
  head[0] = channel.snapshot;
  head.writeBigUInt64BE(BigInt(offset), 1);
  sockets.at(-1)?.send(Buffer.concat([head, Buffer.from(text)]));
}
const controls = (type: ClientControl["type"]) =>
  heard.filter((one) => typeof one === "object" && one.type === type);

beforeEach(async () => {
  sockets = [];
  sinces = [];
  heard = [];
  greeting = attached();
  answersPings = true;
  await listen();
});
afterEach(stop);

/** A screen that takes what it is given at once, or when told to. */
function open(options: { look?: () => Promise<Look>; pingMs?: number; holds?: boolean } = {}) {
  const port = (server.address() as AddressInfo).port;
  const shown: string[] = [];
  const waiting: (() => void)[] = [];
  const take = (data: Uint8Array, done: () => void) => {
    shown.push(Buffer.from(data).toString());
    if (options.holds === true) waiting.push(done);
    else done();
  };
  const session = new TerminalSession({
    url: (since) => `ws://127.0.0.1:${port}/${since === undefined ? "" : `?since=${since}`}`,
    size: () => ({ cols: 100, rows: 40 }),
    look: options.look ?? (() => Promise.resolve({ kind: "there" })),
    backOffMs: [20],
    ...(options.pingMs !== undefined && { pingMs: options.pingMs }),
    screen: {
      write: take,
      replace: (data, done) => take(Buffer.concat([Buffer.from("="), data]), done),
      resize: (cols, rows) => shown.push(`${cols}x${rows}`),
    },
  });
  return { session, shown, waiting, phase: () => session.state.phase.kind, port };
}

describe("a session", () => {
  it("shows the screen, then what follows, in order, and acknowledges it", async () => {
    using session = open().session;
    await expect.poll(() => session.state.phase.kind).toBe("attached");
    expect(session.state).toMatchObject({ viewers: 1, control: true, cols: 80, rows: 24 });
    snapshot(1000, "screen");
    output("more");
    say({ type: "size", cols: 100, rows: 40 });
    say({ type: "title", title: "top" });
    await expect.poll(() => session.state).toMatchObject({ cols: 100, rows: 40, title: "top" });
    await expect.poll(() => controls("ack").at(-1)).toEqual({ type: "ack", offset: 1004 });
    expect(controls("resize")).toEqual([{ type: "resize", cols: 100, rows: 40 }]);
  });

  it("goes on with the byte after the last, and keeps what is typed meanwhile", async () => {
    const { session, shown, phase, port } = open();
    using _session = session;
    await expect.poll(phase).toBe("attached");
    snapshot(10, "");
    output("12345");
    await expect.poll(() => session.offset).toBe(15);
    await stop();
    await expect.poll(phase).toBe("waiting");
    expect(session.type(Buffer.from("held"))).toBe(true);
    greeting = attached({ resumed: true, offset: 15 });
    await listen(port);
    await expect.poll(phase).toBe("attached");
    expect(sinces).toEqual([null, "15"]);
    await expect.poll(() => heard.at(-1)).toBe("held");
    output("678");
    await expect.poll(() => session.offset).toBe(18);
    expect(shown.filter((one) => !one.includes("x"))).toEqual(["=", "12345", "678"]);
  });

  it("takes control back that it had before the connection broke, and none that it had not", async () => {
    using session = open().session;
    await expect.poll(() => session.state.control).toBe(true);
    greeting = attached({ control: false, viewers: 2 });
    sockets.at(-1)?.terminate();
    await expect.poll(() => controls("takeover")).toHaveLength(1);
    say({ type: "viewers", viewers: 2, control: true });
    await expect.poll(() => session.state.control).toBe(true);
    say({ type: "viewers", viewers: 2, control: false });
    await expect.poll(() => session.state.control).toBe(false);
    expect(session.type(Buffer.from("in vain"))).toBe(false);
    sockets.at(-1)?.terminate();
    await expect.poll(() => sockets.length).toBe(3);
    await expect.poll(() => session.state.phase.kind).toBe("attached");
    expect(controls("takeover")).toHaveLength(1);
  });

  it("tells how it ended, and asks no more", async () => {
    const { session, phase } = open();
    using _session = session;
    await expect.poll(phase).toBe("attached");
    say({ type: "exit", exitCode: null, signal: "SIGKILL" });
    sockets.at(-1)?.close(closeCode.exited);
    await expect
      .poll(() => session.state.phase)
      .toEqual({ kind: "exited", exit: { exitCode: null, signal: "SIGKILL" } });
    session.reconnect();
    expect(phase()).toBe("exited");
    expect(session.type(Buffer.from("x"))).toBe(false);
  });

  it.each<[Look, object]>([
    [{ kind: "gone" }, { kind: "gone" }],
    [
      { kind: "refused", cause: "You are signed out." },
      { kind: "refused", cause: "You are signed out." },
    ],
    [
      { kind: "away", cause: "The cave does not run." },
      { kind: "waiting", cause: "The cave does not run." },
    ],
  ])("finds out why it was not let in: %j", async (look, expected) => {
    server.options.verifyClient = () => false;
    const { session } = open({ look: () => Promise.resolve(look) });
    using _session = session;
    await expect.poll(() => session.state.phase).toMatchObject(expected);
  });

  it("does not wait for a connection that has gone silent", async () => {
    const { session, phase } = open({ pingMs: 30 });
    using _session = session;
    await expect.poll(() => controls("ping").length).toBeGreaterThan(2);
    expect(sockets).toHaveLength(1);
    answersPings = false;
    await expect.poll(() => sockets.length).toBeGreaterThan(1);
    answersPings = true;
    await expect.poll(phase).toBe("attached");
  });

  it("lets the program run on when nobody looks and it says much, and comes back", async () => {
    const { session, shown, waiting, phase } = open({ holds: true });
    using _session = session;
    await expect.poll(phase).toBe("attached");
    session.visible = false;
    output("a little");
    await expect.poll(() => shown).toContain("a little");
    expect(phase()).toBe("attached");
    output("x".repeat(ackBytes));
    await expect.poll(phase).toBe("suspended");
    await expect.poll(() => sockets[0]?.readyState).toBe(3);
    for (const done of waiting) done();
    session.visible = true;
    await expect.poll(phase).toBe("attached");
    expect(sinces.at(-1)).toBe(String("a little".length + ackBytes));
  });

  it("is silent when it is disposed", async () => {
    const { session, phase } = open();
    await expect.poll(phase).toBe("attached");
    session[Symbol.dispose]();
    await expect.poll(() => sockets[0]?.readyState).toBe(3);
    expect(phase()).toBe("disposed");
    expect(sockets).toHaveLength(1);
  });
});
