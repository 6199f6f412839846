import { mkdtemp, rm } from "node:fs/promises";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startXServer } from "../testing/x-server.ts";
import { followWindows } from "./follow-windows.ts";
import { readWindows } from "./windows.ts";
import { XConnection } from "./x-connection.ts";
import type { DesktopWindow } from "#contract/cave.ts";

let folder: string;
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "caved-x-"));
});
afterAll(() => rm(folder, { recursive: true }));
const newSocket = () => `${folder}/X${count++}`;

const xterm = { WM_CLASS: "xterm\0XTerm\0", WM_NAME: "caf\u00e9" };
const titles = (windows: readonly DesktopWindow[]) => windows.map(({ title }) => title);

describe("the windows of a desktop", () => {
  it("are those that the window manager lists, by what their programs call them", async () => {
    const path = newSocket();
    await using server = await startXServer(path);
    using x = await XConnection.open(path);
    expect(await readWindows(x)).toEqual([]);
    server.window(7, xterm);
    server.window(8, {
      ...xterm,
      _NET_WM_NAME: "Füße ✓",
      _NET_WM_WINDOW_TYPE: ["_KDE", "_NET_WM_WINDOW_TYPE_NORMAL"],
    });
    server.window(9, {
      _NET_WM_NAME: "Sure?",
      WM_CLASS: "only\0",
      _NET_WM_WINDOW_TYPE: ["_NET_WM_WINDOW_TYPE_DIALOG"],
    });
    for (const [id, type] of ["MENU", "TOOLTIP", "SPLASH", "DOCK", "NOTIFICATION"].entries())
      server.window(20 + id, { ...xterm, _NET_WM_WINDOW_TYPE: [`_NET_WM_WINDOW_TYPE_${type}`] });
    server.window(30, {});
    server.list(7, 8, 9, 20, 21, 22, 23, 24, 30, 4711, 7);
    const since = expect.any(String) as string;
    expect(await readWindows(x)).toEqual([
      { id: 7, title: "café", class: "XTerm", since },
      { id: 8, title: "Füße ✓", class: "XTerm", since },
      { id: 9, title: "Sure?", class: "only", since },
      { id: 30, title: "", class: "", since },
    ]);
  });

  it("are bounded, whatever a program puts there", async () => {
    const path = newSocket();
    await using server = await startXServer(path);
    using x = await XConnection.open(path);
    const properties = { _NET_WM_NAME: Buffer.alloc(5_000_000, "€"), WM_CLASS: Buffer.alloc(100_000, 0xff) };
    for (let id = 1; id <= 300; id++) server.window(id, properties);
    server.list(...Array.from({ length: 300 }, (_, index) => index + 1));
    const windows = await readWindows(x);
    expect(windows).toHaveLength(100);
    for (const { title, class: program } of windows)
      expect([title.length <= 1024, program.length <= 256]).toEqual([true, true]);
    server.list(1);
    server.window(1, { _NET_WM_NAME: 'a\nwm_class(string) = "b"\0\u001b]52;c;x\u0007', WM_CLASS: "" });
    expect(await readWindows(x)).toMatchObject([
      { title: 'a\nwm_class(string) = "b"\0\u001b]52;c;x\u0007', class: "" },
    ]);
  });
});

describe("what listens instead of an X server", () => {
  const long = Buffer.alloc(32);
  long[0] = 1;
  long.writeUInt16LE(1, 2);
  long.writeUInt32LE(0x7fff_ffff, 4);
  it.each<[string, Record<"setup" | number, (socket: Socket) => void> | object]>([
    ["refuses", { setup: (socket: Socket) => socket.write(Buffer.alloc(8)) }],
    ["says nonsense", { setup: (socket: Socket) => socket.write(Buffer.alloc(100, "x")) }],
    [
      "has no screen",
      { setup: (socket: Socket) => socket.write(Buffer.of(1, 0, 0, 0, 0, 0, 8, 0, ...Buffer.alloc(32))) },
    ],
    [
      "talks without end",
      { setup: (socket: Socket) => socket.write(Buffer.of(1, 0, 0, 0, 0, 0, 0xff, 0xff)) },
    ],
    ["answers without end", { 16: (socket: Socket) => socket.write(long) }],
    ["goes away", { 20: (socket: Socket) => socket.destroy() }],
  ])("is left when it %s", async (_, answer) => {
    const path = newSocket();
    await using _server = await startXServer(path, answer);
    const looking = async () => {
      using x = await XConnection.open(path);
      return await readWindows(x);
    };
    await expect(looking()).rejects.toThrow("The X server is gone.");
  });

  it("is not waited for where nothing listens", async () => {
    await expect(XConnection.open(newSocket())).rejects.toThrow("gone");
  });
});

describe("who follows the windows", () => {
  it("is told of those that open, together, and of none twice", async () => {
    const path = newSocket();
    await using server = await startXServer(path);
    for (const id of [1, 2, 3, 4]) server.window(id, { WM_NAME: `w${id}` });
    server.window(5, { WM_NAME: "menu", _NET_WM_WINDOW_TYPE: ["_NET_WM_WINDOW_TYPE_MENU"] });
    server.list(1);
    const told: string[][] = [];
    const stop = new AbortController();
    const following = followWindows((opened) => told.push(titles(opened)), stop.signal, {
      socket: path,
      isReady: () => true,
    });
    // The first look is over: what is there is no news.
    await vi.waitFor(() => expect(server.asked.filter((window) => window === 1)).toHaveLength(4));
    server.list(1, 2);
    server.list(1, 2, 5, 3);
    await vi.waitFor(() => expect(told).toEqual([["w2", "w3"]]), 3_000);
    server.list(1, 3, 4);
    await vi.waitFor(() => expect(told).toEqual([["w2", "w3"], ["w4"]]), 3_000);
    // Another window under the number of one that ended just now.
    server.end(3);
    server.list(1, 4);
    server.window(3, { WM_NAME: "w5" });
    server.list(1, 4, 3);
    await vi.waitFor(() => expect(told.slice(2)).toEqual([["w5"]]), 3_000);
    const many = Array.from({ length: 30 }, (_, index) => 100 + index);
    for (const id of many) server.window(id, { WM_NAME: "one of many" });
    server.list(...many);
    await vi.waitFor(() => expect(told.slice(3).map(({ length }) => length)).toEqual([20]), 3_000);
    stop.abort();
    await following;
    await vi.waitFor(() => expect(server.connections.size).toBe(0));
  });

  it("comes back when the connection was cut, and goes when the desktop does", async () => {
    const path = newSocket();
    let ready = true;
    const told: string[][] = [];
    const never = new AbortController();
    const desktop = { socket: path, isReady: () => ready };
    const following = followWindows((opened) => told.push(titles(opened)), never.signal, desktop);
    await using server = await startXServer(path);
    const connected = () =>
      vi.waitFor(() => {
        const [socket] = server.connections;
        expect(socket).toBeDefined();
        return socket;
      }, 5_000);
    const first = await connected();
    first?.destroy();
    await vi.waitFor(() => expect([...server.connections]).not.toContain(first));
    const second = await connected();
    ready = false;
    second?.destroy();
    await following;
    await vi.waitFor(() => expect(server.connections.size).toBe(0));
    expect(told).toEqual([]);
  });
});
