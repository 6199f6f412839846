import { readFileSync } from "node:fs";
import serialize from "@xterm/addon-serialize";
import unicode from "@xterm/addon-unicode11";
import headless from "@xterm/headless";
import { WebSocket as NodeWebSocket } from "ws";
import { TerminalSession } from "../../viewers/terminal/session.ts";
import type { GatewayProcess } from "./gateway-process.ts";
import { daemonPort } from "#contract/daemon.ts";

/** The browser's session on a terminal without a window. */
export class HeadlessViewer implements Disposable {
  readonly terminal: headless.Terminal;
  readonly session: TerminalSession;
  readonly #serializer = new serialize.SerializeAddon();
  readonly #encoder = new TextEncoder();
  /** All output as text, without what a screen stood for. */
  text = "";
  /** Whether it was given a screen in place of output that it had missed. */
  replaced = 0;

  constructor(ghost: GatewayProcess, cave: string, id: string, size = { cols: 100, rows: 30 }) {
    const terminal = new headless.Terminal({ ...size, scrollback: 100_000, allowProposedApi: true });
    this.terminal = terminal;
    terminal.loadAddon(this.#serializer);
    terminal.loadAddon(new unicode.Unicode11Addon());
    terminal.unicode.activeVersion = "11";
    const decoder = new TextDecoder();
    const url = (since: number | undefined) =>
      ghost.client.terminals.connect.url({ params: { cave, id }, query: { since } });
    this.session = new TerminalSession({
      url,
      size: () => size,
      look: async (signal) => {
        const { terminals } = await ghost.client.terminals.list({ params: { cave } }, { signal });
        return { kind: terminals.some((one) => one.id === id) ? "there" : "gone" };
      },
      connect: (address) =>
        new NodeWebSocket(address, {
          headers: { authorization: `Bearer ${ghost.token}` },
          perMessageDeflate: false,
        }) as unknown as WebSocket,
      screen: {
        write: (data, done) => {
          this.text += decoder.decode(data, { stream: true });
          terminal.write(data, done);
        },
        replace: (data, done) => {
          this.replaced++;
          terminal.write("\x1bc");
          terminal.write(data, done);
        },
        resize: (cols, rows) => terminal.write("", () => terminal.resize(cols, rows)),
      },
    });
    terminal.onData((data) => this.type(data));
  }

  get attached(): boolean {
    return this.session.state.phase.kind === "attached";
  }

  type(text: string): void {
    this.session.type(this.#encoder.encode(text));
  }

  /** What is on the screen, with colours, modes and cursor. */
  get screen(): string {
    return this.#serializer.serialize({ scrollback: 0 });
  }

  get lines(): string[] {
    const { active } = this.terminal.buffer;
    return Array.from(
      { length: this.terminal.rows },
      (_, row) => active.getLine(active.baseY + row)?.translateToString(true) ?? "",
    );
  }

  [Symbol.dispose](): void {
    this.session[Symbol.dispose]();
    this.terminal.dispose();
  }
}

/** Resident memory of a cave's daemon in bytes, by the process' own account. */
export async function daemonRss(ghost: GatewayProcess, cave: string): Promise<number> {
  const { processes } = await ghost.client.processes.list({ params: { cave } });
  const daemon = processes.find(({ command }) => command.includes("caved.mjs") && !command.includes("tini"));
  if (!daemon) throw new Error(`No daemon (port ${daemonPort}) among ${processes.length} processes`);
  return daemon.memoryBytes;
}

/** Resident memory of a process of this machine in bytes. */
export function rssOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024;
}
