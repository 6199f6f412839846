import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { isAlive, startDaemon, token, type TestDaemon } from "../testing/daemon.ts";
import { TestViewer } from "../testing/viewer.ts";
import { closeCode, creditBytes } from "#contract/frames.ts";
import type { Terminal } from "#contract/inside.ts";

let daemon: TestDaemon;
beforeAll(async () => {
  daemon = await startDaemon();
});
afterAll(async () => {
  await daemon[Symbol.asyncDispose]();
});

async function open(command?: string, more: object = {}): Promise<Terminal> {
  const reply = await daemon.request("POST", "/terminals", {
    cwd: daemon.folder,
    ...(command !== undefined && { command }),
    ...more,
  });
  expect(reply.status).toBe(200);
  return reply.json;
}
const list = async (): Promise<Terminal[]> => (await daemon.request("GET", "/terminals")).json;

describe("a terminal", () => {
  it("is a login shell on a tty of the size that was asked for", async () => {
    const { id } = await open(undefined, { cols: 101, rows: 33 });
    using viewer = await TestViewer.connect(daemon, id);
    viewer.type("shopt -q login_shell && echo LOG''IN; stty size; echo $TERM; pwd\n");
    await viewer.sees("LOGIN\r\n33 101\r\nxterm-256color\r\n" + daemon.folder);
  });

  it("tells when it ended, and how, and is listed a while longer", async () => {
    const { id } = await open("echo last words; exit 7");
    using viewer = await TestViewer.connect(daemon, id);
    await vi.waitFor(() => expect(viewer.closeCode).toBe(closeCode.exited));
    expect(viewer.last("exit")).toMatchObject({ exitCode: 7 });
    await viewer.sees("last words");
    expect((await list()).find((terminal) => terminal.id === id)).toMatchObject({
      running: false,
      exitCode: 7,
    });

    using late = await TestViewer.connect(daemon, id);
    await vi.waitFor(() => expect(late.closeCode).toBe(closeCode.exited));
    await late.sees("last words");
  });

  it("is closed with all of its session, also what ignores SIGHUP in a job of its own", async () => {
    const { id, pid } = await open();
    using viewer = await TestViewer.connect(daemon, id);
    viewer.type("(trap '' HUP; exec sleep 987) & echo child=$!\n");
    await vi.waitFor(() => expect(viewer.text).toMatch(/child=\d+/));
    const child = Number(/child=(\d+)/.exec(viewer.text)?.[1]);
    expect((await daemon.request("DELETE", `/terminals/${id}`)).status).toBe(200);
    await vi.waitFor(() => {
      for (const gone of [pid, child]) expect(isAlive(gone)).toBe(false);
    });
    expect(viewer.closeCode).toBe(closeCode.gone);
    expect((await daemon.request("DELETE", `/terminals/${id}`)).json).toMatchObject({
      code: "terminal_not_found",
    });
  });

  it("takes what is typed before the terminal is shown", async () => {
    const { id } = await open("stty -echo; seq 1 8000; read line; echo got $line");
    const socket = new WebSocket(`ws://127.0.0.1:${daemon.port}/terminals/${id}/ws?since=0`, {
      headers: { authorization: `Bearer ${token}` },
    });
    let text = "";
    socket.on("message", (data: Buffer, isBinary) => (text += isBinary ? data.toString() : ""));
    socket.on("open", () => socket.send("\0early\n", { binary: true }));
    await vi.waitFor(() => expect(text).toContain("got early"), 5000);
    socket.terminate();
  });

  it("tells its title", async () => {
    const { id } = await open("printf '\\033]2;a title\\007'; read");
    using viewer = await TestViewer.connect(daemon, id);
    await vi.waitFor(() => expect(viewer.last("title").title).toBe("a title"));
  });

  it("ends nobody's patience with input that no program reads", async () => {
    const { id } = await open("stty raw; sleep 30");
    using viewer = await TestViewer.connect(daemon, id);
    for (let i = 0; i < 3; i++) viewer.type("x".repeat(1_000_000));
    viewer.say({ type: "ping", id: 5 });
    await vi.waitFor(() => expect(viewer.last("pong")).toEqual({ type: "pong", id: 5 }));
    viewer.type("x".repeat(1_000_000));
    viewer.type("x".repeat(1_000_000));
    await vi.waitFor(() => expect(viewer.closeCode).toBe(1009));
  });
});

describe("resuming", () => {
  it("gives every byte once, however often the connection breaks", async () => {
    const lines = 3000;
    const { id } = await open(
      `stty -echo; read; for i in $(seq ${lines}); do echo "line $i zürich"; done; sleep 30`,
    );
    let seen = Buffer.alloc(0);
    let offset = 0;
    const first = await TestViewer.connect(daemon, id, 0);
    first.type("\n");
    let viewer = first;
    await vi.waitFor(
      async () => {
        viewer.socket.terminate();
        seen = Buffer.concat([seen, viewer.output]);
        offset = viewer.offset;
        viewer = await TestViewer.connect(daemon, id, offset);
        expect(viewer.last("attached")).toMatchObject({ resumed: true, offset });
        expect(Buffer.concat([seen, viewer.output]).toString()).toContain(`line ${lines} `);
      },
      { timeout: 15_000, interval: 3 },
    );
    await vi.waitFor(() =>
      expect(viewer.text.endsWith("\r\n") || seen.toString().endsWith("\r\n")).toBe(true),
    );
    const all = Buffer.concat([seen, viewer.output]).toString();
    viewer.socket.terminate();
    const expected = Array.from({ length: lines }, (_, i) => `line ${i + 1} zürich\r\n`).join("");
    expect(all.slice(all.indexOf("line 1 "))).toBe(expected);
  });

  it("shows the screen to who has seen nothing, or too little", async () => {
    const { id } = await open("printf 'hello \\033[31mred\\033[0m'; sleep 30");
    using first = await TestViewer.connect(daemon, id);
    await first.sees("red");
    using second = await TestViewer.connect(daemon, id);
    await vi.waitFor(() => expect(second.snapshots[0]?.screen).toContain("hello \x1b[31mred"));
    expect(second.last("attached")).toMatchObject({ resumed: false, control: false, viewers: 2 });
    using liar = await TestViewer.connect(daemon, id, 999_999);
    await vi.waitFor(() => expect(liar.snapshots).toHaveLength(1));
  });

  it("repeats half a sequence after the screen", async () => {
    const { id } = await open("printf 'abc\\033[3'; read; printf '2mgreen'; read", { rows: 5 });
    using first = await TestViewer.connect(daemon, id);
    await first.sees("abc");
    using second = await TestViewer.connect(daemon, id);
    await vi.waitFor(() => expect(second.text).toBe("\x1b[3"));
    expect(second.snapshots[0]?.screen).toBe("abc");
    first.type("\n");
    await vi.waitFor(() => expect(second.text).toContain("\x1b[3\r\n2mgreen"));
  });
});

describe("a transcript", () => {
  const transcript = async (id: string, format: string) => {
    const reply = await daemon.request("GET", `/terminals/${id}/transcript?format=${format}`);
    return { status: reply.status, text: reply.body.toString() };
  };

  it("has the lines as they were shown, while the terminal runs and when it has ended", async () => {
    const { id } = await open(
      "printf 'a long line of more than forty characters, in two rows \\033[31mred\\033[0m\\n\\n'; seq 3; printf 'caf\\303\\251 \\360\\237\\230\\200'; read; exit 3",
      { cols: 40, rows: 5 },
    );
    using viewer = await TestViewer.connect(daemon, id, 0);
    await viewer.sees("😀");
    const text = "a long line of more than forty characters, in two rows red\n\n1\n2\n3\ncafé 😀\n";
    expect(await transcript(id, "text")).toEqual({ status: 200, text });
    expect(await transcript(id, "raw")).toEqual({ status: 200, text: viewer.text });
    viewer.type("\n");
    await vi.waitFor(() => expect(viewer.closeCode).toBe(closeCode.exited));
    expect(await transcript(id, "text")).toEqual({ status: 200, text });
    expect((await transcript(id, "html")).text).toContain("invalid_input");
    expect((await transcript("term-none", "text")).text).toContain("terminal_not_found");
  });

  it("keeps what a full-screen program covers, and is bounded", async () => {
    const { id } = await open("seq 20000; printf 'below\\r\\n\\033[?1049h\\033[Habove'; read");
    using viewer = await TestViewer.connect(daemon, id, 0);
    await viewer.sees("above");
    const { text } = await transcript(id, "text");
    expect(text).toMatch(/\n20000\nbelow\nabove\n$/);
    expect(text.split("\n").length).toBeLessThan(5100);
    const raw = await transcript(id, "raw");
    expect(viewer.text.endsWith(raw.text)).toBe(true);
    expect(raw.text.length).toBeLessThan(600_000);
  });
});

describe("several viewers", () => {
  it("see the same, and only the one in control types and sets the size", async () => {
    const { id } = await open('stty -echo; while read line; do echo "got $line"; stty size; done');
    using first = await TestViewer.connect(daemon, id);
    using second = await TestViewer.connect(daemon, id);
    expect(first.last("attached").control).toBe(true);
    expect(second.last("attached").control).toBe(false);
    second.say({ type: "resize", cols: 50, rows: 10 });
    second.type("intruder\n");
    first.type("one\n");
    await Promise.all([first.sees("got one\r\n24 80"), second.sees("got one\r\n24 80")]);

    second.say({ type: "takeover" });
    await vi.waitFor(() => expect(first.last("viewers").control).toBe(false));
    expect(first.last("size")).toEqual({ type: "size", cols: 50, rows: 10 });
    first.type("late\n");
    second.type("two\n");
    await first.sees("got two\r\n10 50");
    expect(first.text).not.toContain("intruder");
    expect(first.text).not.toContain("late");

    second.socket.terminate();
    await vi.waitFor(() => expect(first.last("viewers")).toMatchObject({ viewers: 1, control: true }));
  });
});

describe("flow control", () => {
  /** How much a viewer has been sent when nothing comes any more: a ping is answered after all that was sent before. */
  async function stopsAt(viewer: TestViewer): Promise<number> {
    let id = 0;
    await vi.waitFor(
      async () => {
        const before = viewer.output.length;
        expect(before).toBeGreaterThan(30_000);
        viewer.say({ type: "ping", id: ++id });
        await vi.waitFor(() => expect(viewer.last("pong").id).toBe(id));
        expect(viewer.output.length).toBe(before);
      },
      { timeout: 5000, interval: 50 },
    );
    return viewer.output.length;
  }

  it("stops the program when the one in control does not follow, and loses nothing", async () => {
    const { id } = await open("stty -echo; read; seq 1 200000; sleep 30");
    using viewer = await TestViewer.connect(daemon, id, 0);
    viewer.acknowledges = false;
    viewer.type("\n");
    const stops = await stopsAt(viewer);
    expect(stops).toBeLessThanOrEqual(creditBytes);
    const stuck = (await list()).find((terminal) => terminal.id === id)?.offset ?? 0;
    expect(stuck).toBeLessThan(creditBytes + 300_000);

    viewer.acknowledges = true;
    viewer.acknowledge();
    await viewer.sees("\r\n200000\r\n");
    const expected = Array.from({ length: 200_000 }, (_, i) => `${i + 1}\r\n`).join("");
    expect(viewer.text.endsWith(expected)).toBe(true);
  });

  it("gives all output of a program that has ended to a reader who comes late", async () => {
    const { id } = await open("stty -echo; read; seq 1 100000");
    using viewer = await TestViewer.connect(daemon, id, 0);
    viewer.acknowledges = false;
    viewer.type("\n");
    await stopsAt(viewer);
    await vi.waitFor(async () =>
      expect(await daemon.exec({ command: "pgrep -f 'seq 1 100000' || echo gone", cwd: "/" })).toBeDefined(),
    );
    viewer.acknowledges = true;
    viewer.acknowledge();
    await vi.waitFor(() => expect(viewer.closeCode).toBe(closeCode.exited));
    expect(viewer.text.endsWith("\r\n99999\r\n100000\r\n")).toBe(true);
  });

  it("does not let a watcher who lags hold up the others: it gets the screen later", async () => {
    const { id } = await open("stty -echo; read; seq 1 180000; echo the end; sleep 30");
    using first = await TestViewer.connect(daemon, id, 0);
    using slow = await TestViewer.connect(daemon, id, 0);
    slow.acknowledges = false;
    first.type("\n");
    await first.sees("the end");
    expect(slow.output.length).toBeLessThanOrEqual(creditBytes);
    expect(slow.snapshots).toHaveLength(0);
    slow.acknowledges = true;
    slow.acknowledge();
    await slow.sees("the end");
    expect(slow.snapshots).toHaveLength(1);
    expect(slow.offset).toBe(first.offset);
  });
});

describe("questions that a program asks its terminal", () => {
  const ask =
    "stty raw -echo; printf '\\033[6n'; dd bs=1 count=6 2>/dev/null | od -c; stty sane; read; sleep 30";

  it("are answered by the daemon when nobody looks, and not again when somebody is shown them", async () => {
    const { id } = await open(ask);
    await vi.waitFor(async () => {
      const { offset } = (await list()).find((terminal) => terminal.id === id) ?? { offset: 0 };
      expect(offset).toBeGreaterThan(30);
    });
    using viewer = await TestViewer.connect(daemon, id, 0);
    await viewer.sees("033   [   1   ;   1   R");
  });

  it("are the viewer's to answer when there is one", async () => {
    const { id } = await open(`read; ${ask}`);
    using viewer = await TestViewer.connect(daemon, id, 0);
    viewer.type("\n");
    await viewer.sees("\x1b[6n");
    viewer.type("\x1b[5;9R");
    await viewer.sees("033   [   5   ;   9   R");
  });

  it("that were answered before are not, by a viewer who replays them", async () => {
    const { id: echo } = await open("printf '\\033[6n'; stty raw -echo; exec cat -v");
    await vi.waitFor(async () =>
      expect((await list()).find((terminal) => terminal.id === echo)?.offset).toBeGreaterThan(8),
    );
    using viewer = await TestViewer.connect(daemon, echo, 0, false);
    viewer.type("a\x1b[1;1Rb");
    await viewer.sees("ab");
  });
});
