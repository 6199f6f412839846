import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { connect, createServer as createTcpServer, type AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { AppError } from "../../lib/app-error.ts";
import type { Guest } from "../guest.ts";
import { openDaemonGuest } from "./daemon-guest.ts";
import { execChannel } from "#contract/frames.ts";

const soon = () => AbortSignal.timeout(5_000);
const unreachable = expect.objectContaining({ name: "AppError", code: "cave_unreachable" }) as unknown;

/** A cave whose daemon was replaced by something else. */
async function withDaemon(listener: RequestListener, test: (guest: Guest) => Promise<void>): Promise<void> {
  const server = createServer({ maxHeaderSize: 2 ** 20 }, listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  await withPort((server.address() as AddressInfo).port, test);
  server.closeAllConnections();
  server.close();
}

async function withPort(port: number, test: (guest: Guest) => Promise<void>): Promise<void> {
  const dial = async () => {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    return socket;
  };
  await using guest = openDaemonGuest({ dial, token: "t" });
  await test(guest);
}

async function drain(guest: Guest): Promise<void> {
  await Array.fromAsync(await guest.exec({ command: "x", maxOutputBytes: 1 }, soon()));
}

describe("a daemon that lies", () => {
  it.each([
    ["no JSON", "nonsense"],
    ["another shape", '{"a":1}'],
    ["too much", `["${"x".repeat(33 * 2 ** 20)}"]`],
  ])("is not believed: %s", async (_, body) => {
    await withDaemon(
      (_req, res) => res.end(body),
      (guest) => expect(guest.ports(soon())).rejects.toEqual(unreachable),
    );
  });

  it.each([
    ["a code that is not its own to give", { code: "unauthenticated", message: "x" }],
    ["a code that does not exist", { code: "__proto__", message: "x" }],
    ["no code", { message: "x" }],
  ])("may not say %s", async (_, failure) => {
    await withDaemon(
      (_req, res) => res.writeHead(422).end(JSON.stringify(failure)),
      (guest) => expect(guest.ports(soon())).rejects.toEqual(unreachable),
    );
  });

  it("has its words cut, and stripped of what terminals obey", async () => {
    const message = `\u001b]52;c;evil\u0007${"x".repeat(10_000)}`;
    await withDaemon(
      (_req, res) => res.writeHead(422).end(JSON.stringify({ code: "file_denied", message })),
      async (guest) => {
        const error: unknown = await guest.ports(soon()).catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(AppError);
        const said = (error as AppError).message;
        expect(said.length).toBeLessThanOrEqual(500);
        expect(said).toMatch(/^[\x20-\x7e]+$/);
      },
    );
  });

  it("has windows called what may be shown, and no more of them than there may be", async () => {
    const since = new Date(0).toISOString();
    const window = { id: 7, title: "", class: "x", since };
    const answering = (windows: unknown[], test: (guest: Guest) => Promise<void>) =>
      withDaemon((_req, res) => res.end(JSON.stringify(windows)), test);
    const title = `\u001b]52;c;evil\u0007 \u202egpj.exe\n\ud800${"€".repeat(1000)}`;
    await answering([{ ...window, title, class: "C\0D".repeat(100) }], async (guest) => {
      const [one] = await guest.desktopWindows(soon());
      expect(one?.title).toMatch(/^\]52;c;evil {2,3}gpj.exe \ufffd€+$/);
      expect([one?.title.length, one?.class.length]).toEqual([200, 100]);
      expect(one?.class).toMatch(/^(C D)+/);
    });
    for (const windows of [
      Array.from({ length: 101 }, () => window),
      [{ ...window, id: "7" }],
      [{ ...window, since: "now" }],
      [{ ...window, html: "<b>" }],
      [{ ...window, title: "x".repeat(5000) }],
    ])
      await answering(windows, (guest) => expect(guest.desktopWindows(soon())).rejects.toEqual(unreachable));
  });

  it("has no more ports and services than are kept, and no names that go on for ever", async () => {
    const long = `a\u001b]52;c;evil\u0007${"x".repeat(2000)}`;
    const listening = Array.from({ length: 5000 }, (_, port) => ({ port, address: "::", process: long }));
    await withDaemon(
      (_req, res) => res.end(JSON.stringify(listening)),
      async (guest) => {
        const ports = await guest.ports(soon());
        expect(ports).toHaveLength(256);
        expect(ports[0]?.process).toMatch(/^a \]52;c;evil x{80,}$/);
        expect(ports[0]?.process).toHaveLength(100);
      },
    );
    const service = { state: "ready", since: new Date(0).toISOString() };
    const services = Object.fromEntries(Array.from({ length: 33 }, (_, name) => [name, service]));
    await withDaemon(
      (_req, res) => res.end(`${JSON.stringify({ kind: "services", services })}\n`),
      async (guest) => {
        const told = Array.fromAsync(await guest.watch(soon()));
        await expect(told).rejects.toEqual(unreachable);
      },
    );
  });

  const frame = (kind: number, text: string) => {
    const head = Buffer.alloc(5);
    head[0] = kind;
    head.writeUInt32BE(text.length, 1);
    return Buffer.concat([head, Buffer.from(text)]);
  };
  it.each([
    ["an exit of another shape", frame(execChannel.exit, '{"exitCode":"evil"}')],
    ["an exit that is no JSON", frame(execChannel.exit, "nonsense")],
    ["no exit", frame(execChannel.stdout, "output")],
    ["half a frame", Buffer.of(1, 0, 0)],
    [
      "a frame that goes on for ever",
      Buffer.concat([Buffer.of(execChannel.exit, 0xff, 0xff, 0xff, 0xff), Buffer.alloc(200_000)]),
    ],
  ])("cannot end an exec with %s", async (_, bytes) => {
    await withDaemon(
      (_req, res) => res.end(bytes),
      (guest) => expect(drain(guest)).rejects.toEqual(unreachable),
    );
  });

  it("that breaks off is noticed", async () => {
    await withDaemon(
      (_req, res) => {
        res.writeHead(200, { "content-length": 100 }).write("half", () => res.destroy());
      },
      async (guest) => {
        await expect(guest.ports(soon())).rejects.toEqual(unreachable);
        await expect(drain(guest)).rejects.toEqual(unreachable);
      },
    );
  });

  it("that says nothing is waited for only as long as the caller wants", async () => {
    const server = createTcpServer(() => undefined).listen(0, "127.0.0.1");
    await once(server, "listening");
    await withPort((server.address() as AddressInfo).port, async (guest) => {
      await expect(guest.ports(AbortSignal.timeout(100))).rejects.toThrow(/timeout/i);
      await expect(guest.ready(AbortSignal.timeout(100))).rejects.toThrow(/timeout/i);
    });
    server.close();
  });
});

describe("a daemon of the first protocol", () => {
  it("is spoken to, and what it lacks is said to be missing", async () => {
    const listener: RequestListener = (req, res) => {
      if (req.url === "/ready") res.end(JSON.stringify({ protocol: 1, upMs: 1 }));
      else res.writeHead(422).end(JSON.stringify({ code: "not_found", message: "No such request." }));
    };
    await withDaemon(listener, async (guest) => {
      await guest.ready(soon());
      await guest.setEnvironment({ OURS: "1" }, soon());
      await expect(guest.desktopWindows(soon())).rejects.toMatchObject({
        code: "surface_unavailable",
        message: expect.stringContaining("older than the gateway") as string,
      });
    });
  });

  it.each([0, 3, 1.5, "1"])("is not one of protocol %s", async (protocol) => {
    await withDaemon(
      (_req, res) => res.end(JSON.stringify({ protocol, upMs: 1 })),
      (guest) => expect(guest.ready(AbortSignal.timeout(100))).rejects.toThrow(),
    );
  });
});

describe("a cave that is not there", () => {
  it("is unreachable, with the backend's own words where it has some", async () => {
    const dial = () => Promise.reject(new AppError("backend_unavailable", "The engine is away."));
    await using guest = openDaemonGuest({ dial, token: "t" });
    await expect(guest.ports(soon())).rejects.toMatchObject({ code: "backend_unavailable" });
    await using other = openDaemonGuest({
      dial: () => Promise.reject(new Error("ECONNREFUSED")),
      token: "t",
    });
    await expect(other.ports(soon())).rejects.toEqual(unreachable);
    await expect(other.ready(AbortSignal.timeout(50))).rejects.toThrow(/abort|timeout/i);
  });

  it("does not hold up a caller who gives up while it is dialled", async () => {
    await using guest = openDaemonGuest({ dial: () => new Promise(() => undefined), token: "t" });
    await expect(guest.ports(AbortSignal.timeout(50))).rejects.toThrow(/timeout/i);
  });
});
