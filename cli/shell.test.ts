import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { spawn, type IPty } from "@lydell/node-pty";
import { Terminal as Screen } from "@xterm/headless";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocketServer, type WebSocket } from "ws";
import { runCli } from "./testing/run-cli.ts";
import { channel, closeCode, creditBytes, type ClientControl, type ServerControl } from "#contract/frames.ts";
import type { Terminal } from "#contract/inside.ts";

const id = "term-aaaabbbbccccdddd";

/** A terminal on the wire: it keeps all of its output and sends what a viewer has not seen, within the credit. */
class FakeTerminal {
  output = Buffer.alloc(0);
  typed = "";
  readonly controls: ClientControl[] = [];
  readonly sinces: (number | undefined)[] = [];
  readonly sockets = new Set<WebSocket>();
  size = { cols: 0, rows: 0 };
  #acknowledged = 0;
  #sent = 0;

  attach(socket: WebSocket, since: number | undefined): void {
    this.sockets.add(socket);
    this.sinces.push(since);
    const send = (control: ServerControl) => socket.send(JSON.stringify(control));
    const offset = since ?? this.output.length;
    const state = { ...{ cols: 80, rows: 24, viewers: 1, control: true }, resumed: since !== undefined };
    send({ type: "attached", offset, ...state });
    if (since === undefined) {
      const head = Buffer.alloc(9);
      head[0] = channel.snapshot;
      head.writeBigUInt64BE(BigInt(this.output.length), 1);
      socket.send(Buffer.concat([head, this.output]));
    }
    this.#sent = this.#acknowledged = offset;
    socket.on("message", (data: Buffer, isBinary) => {
      if (isBinary) this.typed += data.subarray(1).toString();
      else this.#heed(JSON.parse(String(data)) as ClientControl);
    });
    socket.on("close", () => this.sockets.delete(socket));
    this.#flush();
  }

  write(text: string | Buffer): void {
    this.output = Buffer.concat([this.output, Buffer.from(text)]);
    this.#flush();
  }

  exit(exitCode: number | null, signal?: string): void {
    for (const socket of this.sockets) {
      socket.send(JSON.stringify({ type: "exit", exitCode, ...(signal && { signal }) }));
      socket.close(closeCode.exited);
    }
  }

  #heed(control: ClientControl): void {
    this.controls.push(control);
    if (control.type === "resize") this.size = { cols: control.cols, rows: control.rows };
    if (control.type === "ack") this.#acknowledged = control.offset;
    this.#flush();
  }

  #flush(): void {
    for (const socket of this.sockets) {
      const room = this.#acknowledged + creditBytes;
      while (this.#sent < Math.min(this.output.length, room)) {
        const part = this.output.subarray(this.#sent, Math.min(this.#sent + 20_000, room));
        this.#sent += part.length;
        socket.send(Buffer.concat([Buffer.of(channel.output), part]));
      }
    }
  }
}

let terminal: FakeTerminal;
let server: Server;
let url: string;
let ptys: IPty[];

async function listen(port = 0): Promise<void> {
  const sockets = new WebSocketServer({ noServer: true });
  server = createServer((request, response) => {
    response.writeHead(request.method === "POST" ? 201 : 200, { "content-type": "application/json" });
    const one: Terminal = {
      ...{ id, name: "bash", pid: 7, cols: 80, rows: 24, running: true, viewers: 0, offset: 0 },
      createdAt: new Date().toISOString(),
    };
    response.end(JSON.stringify(request.method === "POST" ? one : { terminals: [one] }));
  });
  server.on("upgrade", (request, socket, head) => {
    const target = new URL(request.url ?? "", "http://x");
    if (!target.pathname.includes(id) || request.headers.authorization !== "Bearer t") {
      socket.end("HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n");
      return;
    }
    const since = target.searchParams.get("since");
    sockets.handleUpgrade(request, socket, head, (one) =>
      terminal.attach(one, since === null ? undefined : Number(since)),
    );
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function close(): Promise<void> {
  for (const socket of terminal.sockets) socket.terminate();
  server.closeAllConnections();
  server.close();
  await once(server, "close");
}

beforeEach(async () => {
  terminal = new FakeTerminal();
  ptys = [];
  await listen();
});
afterEach(async () => {
  for (const pty of ptys) pty.kill("SIGKILL");
  await close();
});

/** `ghost shell` in a terminal of its own, behind a shell that tells how the tty was left. */
function open(...words: string[]) {
  const main = fileURLToPath(new URL("main.ts", import.meta.url));
  const line = `before=$(stty -g); '${process.execPath}' '${main}' shell box ${words.join(" ")}; code=$?; [ "$before" = "$(stty -g)" ] && echo "left $code restored" || echo "left $code changed"`;
  const env = {
    PATH: process.env["PATH"],
    HOME: "/nonexistent",
    GHOST_URL: url,
    GHOST_TOKEN: "t",
    TERM: "xterm",
  };
  const pty = spawn("bash", ["-c", line], { cols: 90, rows: 30, env });
  ptys.push(pty);
  const screen = new Screen({ cols: 90, rows: 30, scrollback: 100_000, allowProposedApi: true });
  let raw = "";
  let title = "";
  screen.onTitleChange((text) => (title = text));
  pty.onData((data) => {
    raw += data;
    screen.write(data);
  });
  const lines = () => {
    const { active } = screen.buffer;
    return Array.from({ length: active.length }, (_, i) => active.getLine(i)?.translateToString(true) ?? "");
  };
  return { pty, lines, raw: () => raw, title: () => title, text: () => lines().join("\n") };
}

const slow = { timeout: 15_000, interval: 20 };
const attached = () => expect.poll(() => terminal.size, slow).toEqual({ cols: 90, rows: 30 });

describe("ghost shell", () => {
  it("is a terminal: typing, output, size, title, exit code", async () => {
    const shell = open();
    await attached();
    terminal.write("$ ");
    shell.pty.write("ls\x03\x1b[A");
    await expect.poll(() => terminal.typed, slow).toBe("ls\x03\x1b[A");
    shell.pty.resize(101, 33);
    await expect.poll(() => terminal.size, slow).toEqual({ cols: 101, rows: 33 });
    expect(shell.title()).toBe("box · ghost");
    terminal.exit(42);
    await expect.poll(shell.text, slow).toContain("left 42 restored");
  });

  it("ends with 128 + n after a signal", async () => {
    const shell = open();
    await attached();
    terminal.exit(null, "SIGKILL");
    await expect.poll(shell.text, slow).toContain("left 137 restored");
  });

  it("loses and doubles nothing when the connection breaks and the gateway restarts", async () => {
    const shell = open();
    await attached();
    const line = (i: number) => `line ${i} ${"x".repeat(20)}\r\n`;
    for (let i = 0; i < 2000; i++) terminal.write(line(i));
    const port = Number(new URL(url).port);
    for (const first of [2000, 4000]) {
      await close();
      for (let i = first; i < first + 2000; i++) terminal.write(line(i));
      await listen(port);
    }
    await expect.poll(() => shell.lines().filter((one) => one.startsWith("line")).length, slow).toBe(6000);
    const numbers = shell.lines().flatMap((one) => /^line (\d+) x{20}$/.exec(one)?.[1] ?? []);
    expect(numbers.map(Number)).toEqual(Array.from({ length: 6000 }, (_, i) => i));
    expect(terminal.sinces[0]).toBeUndefined();
    expect(terminal.sinces.slice(1).every((since) => since !== undefined && since > 0)).toBe(true);
    expect(shell.raw()).not.toContain("left");
  });

  it("says so when the gateway stays away, and takes it back", async () => {
    const shell = open();
    await attached();
    terminal.write("$ ");
    await expect.poll(shell.text, slow).toContain("$");
    const port = Number(new URL(url).port);
    await close();
    await expect.poll(shell.text, slow).toContain("reconnecting…");
    shell.pty.write("typed meanwhile");
    await listen(port);
    await expect.poll(() => terminal.typed, slow).toBe("typed meanwhile");
    await expect.poll(shell.text, slow).not.toContain("reconnecting…");
    expect(shell.text().trim()).toBe("$");
  });

  it("leaves on Ctrl-] d, and restores what a program changed", async () => {
    const shell = open();
    await attached();
    terminal.write("\x1b[?1049h\x1b[?25l\x1b[?1003hfull screen");
    await expect.poll(shell.text, slow).toContain("full screen");
    shell.pty.write("\x1d");
    await expect.poll(shell.text, slow).toContain("d: detach");
    shell.pty.write("d");
    await expect.poll(shell.text, slow).toContain("left 0 restored");
    expect(shell.text()).toContain(`ghost shell box --terminal ${id}`);
    expect(shell.text()).not.toContain("full screen");
    expect(shell.raw()).toContain("\x1b[?1003l");
    expect(terminal.typed).toBe("");
  });

  it("restores the terminal when it is killed", async () => {
    const shell = open();
    await attached();
    terminal.write("\x1b[?1049hfull screen");
    await expect.poll(shell.text, slow).toContain("full screen");
    process.kill(
      Number(execFileSync("pgrep", ["-P", String(shell.pty.pid)], { encoding: "utf8" })),
      "SIGTERM",
    );
    await expect.poll(shell.text, slow).toContain("left 143 restored");
    expect(shell.text()).not.toContain("full screen");
  });

  it("comes back to one that is open, and says when it is gone", async () => {
    terminal.write("what was there");
    const shell = open("--terminal", id);
    await expect.poll(shell.text, slow).toContain("what was there");
    terminal.exit(0);
    await expect.poll(shell.text, slow).toContain("left 0 restored");
    const gone = open("--terminal", "term-zzzzzzzzzzzzzzzz");
    await expect.poll(gone.text, slow).toContain("left 3 restored");
    expect(gone.text()).toContain("is gone");
  });

  it("takes more than the credit, and works without a terminal", async () => {
    const running = runCli({ url, token: "t" }, ["shell", "box"], { stdin: "echo\n" });
    await expect.poll(() => terminal.typed, slow).toBe("echo\n\x04");
    const much = Buffer.alloc(3 * creditBytes, "0123456789\n");
    terminal.write(much);
    await expect.poll(() => terminal.controls.at(-1), slow).toEqual({ type: "ack", offset: much.length });
    terminal.exit(5);
    const { code, bytes } = await running;
    expect(code).toBe(5);
    expect(bytes.equals(much)).toBe(true);
  });

  it("lists what is open", async () => {
    expect((await runCli({ url, token: "t" }, ["shell", "box", "--list"])).stdout).toContain(id);
  });
});
