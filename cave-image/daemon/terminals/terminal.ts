import type { Exit } from "../exec/start.ts";
import { noteActivity } from "../lib/activity.ts";
import { OutputRing } from "../lib/output-ring.ts";
import type { Pty } from "./pty.ts";
import { Screen, type Snapshot } from "./screen.ts";
import type { Viewer } from "./viewer.ts";
import { closeCode, type ServerControl } from "#contract/frames.ts";
import type { Terminal as TerminalInfo } from "#contract/inside.ts";

const ringBytes = 524_288;
/** Output that may wait for the screen, which takes some 20 MB/s. */
const mostPending = 1_048_576;

const silent = { title: () => undefined, reply: () => undefined, drain: () => undefined };

export interface TerminalOptions {
  id: string;
  name: string;
  cols: number;
  rows: number;
}

/** A terminal: its process, the output there was, the screen that follows from it, and those who look at it. Lives until it is closed. */
export class LiveTerminal {
  readonly id: string;
  readonly ring = new OutputRing(ringBytes);
  title = "";
  exit: Exit | undefined;
  readonly #name: string;
  readonly #pty: Pty;
  readonly #createdAt = new Date().toISOString();
  readonly #viewers: Viewer[] = [];
  #screen: Screen | undefined;
  #last: Snapshot | undefined;
  #controller: Viewer | undefined;
  #cols: number;
  #rows: number;

  constructor(options: TerminalOptions, pty: Pty) {
    this.id = options.id;
    this.#name = options.name;
    this.#cols = options.cols;
    this.#rows = options.rows;
    this.#pty = pty;
    this.#screen = new Screen(options.cols, options.rows, {
      title: (title) => {
        this.title = title;
        this.#announce({ type: "title", title });
      },
      reply: (data) => void this.write(Buffer.from(data, "latin1")),
      drain: () => this.creditChanged(),
    });
    pty.stream.on("data", (data: Buffer) => this.#output(data));
    const drained = new Promise<void>((resolve) => pty.stream.once("close", () => resolve()));
    void Promise.all([pty.exited, drained]).then(([exit]) => this.#ended(exit));
  }

  get pid(): number {
    return this.#pty.pid;
  }

  get info(): TerminalInfo {
    return {
      id: this.id,
      name: this.#name,
      pid: this.#pty.pid,
      cols: this.#cols,
      rows: this.#rows,
      running: this.exit === undefined,
      ...(this.exit && { exitCode: this.exit.exitCode }),
      ...(this.title !== "" && { title: this.title }),
      viewers: this.#viewers.length,
      createdAt: this.#createdAt,
      offset: this.ring.end,
    };
  }

  /** What a viewer is told when it comes. */
  state(viewer: Viewer): { cols: number; rows: number; viewers: number; control: boolean } {
    return {
      cols: this.#cols,
      rows: this.#rows,
      viewers: this.#viewers.length,
      control: this.isController(viewer),
    };
  }

  isController(viewer: Viewer): boolean {
    return this.#controller === viewer;
  }

  /** The first viewer has control. */
  add(viewer: Viewer): void {
    this.#viewers.push(viewer);
    this.#controller ??= viewer;
    this.#tellViewers(viewer);
  }

  remove(viewer: Viewer): void {
    const at = this.#viewers.indexOf(viewer);
    if (at < 0) return;
    this.#viewers.splice(at, 1);
    if (this.#controller === viewer) this.#setController(this.#viewers[0]);
    this.#tellViewers();
    this.creditChanged();
  }

  takeOver(viewer: Viewer): void {
    this.#setController(viewer);
    this.#tellViewers();
    this.creditChanged();
  }

  resize(cols: number, rows: number): void {
    if (cols === this.#cols && rows === this.#rows) return;
    this.#cols = cols;
    this.#rows = rows;
    if (!this.exit) this.#pty.resize(cols, rows);
    this.#screen?.resize(cols, rows);
    this.#announce({ type: "size", cols, rows });
  }

  /** False when the program has left too much input unread already. */
  write(input: Buffer): boolean {
    noteActivity("terminal");
    return this.#pty.input.write(input);
  }

  /** Reading stops while the one in control, or the screen, cannot follow. */
  creditChanged(): void {
    const { stream } = this.#pty;
    const wait = (this.#controller?.isBehind ?? false) || (this.#screen?.pending ?? 0) > mostPending;
    if (wait && !stream.isPaused()) stream.pause();
    else if (!wait && stream.isPaused()) stream.resume();
  }

  /** Resolves when the screen shows all output that there is now. */
  async settled(): Promise<void> {
    await this.#screen?.parsed();
  }

  async snapshot(): Promise<Snapshot> {
    const snapshot = this.#last ?? (await this.#screen?.snapshot());
    if (!snapshot) throw new Error("The terminal has no screen");
    // Half a sequence that has left the ring cannot be sent any more.
    return { ...snapshot, offset: Math.max(snapshot.offset, this.ring.start) };
  }

  /** Its lines, oldest first. */
  async text(): Promise<string> {
    if (this.#screen) return this.#screen.text();
    const replayed = new Screen(this.#cols, this.#rows, silent);
    replayed.push(Buffer.from(this.#last?.screen ?? ""), false);
    return replayed.text().finally(() => replayed.dispose());
  }

  close(): void {
    for (const viewer of [...this.#viewers]) viewer.close(closeCode.gone);
    this.#pty.close();
    this.#screen?.dispose();
    this.#screen = undefined;
  }

  #output(data: Buffer): void {
    this.ring.append(data);
    this.#screen?.push(data, this.#controller === undefined);
    for (const viewer of this.#viewers) viewer.pump();
    this.creditChanged();
  }

  async #ended(exit: Exit): Promise<void> {
    this.#last = await this.#screen?.snapshot();
    this.#screen?.dispose(); // its cells are worth more memory than all the rest
    this.#screen = undefined;
    this.exit = exit;
    for (const viewer of [...this.#viewers]) viewer.pump();
  }

  #setController(viewer: Viewer | undefined): void {
    this.#controller = viewer;
    if (viewer?.size) this.resize(viewer.size.cols, viewer.size.rows);
  }

  #tellViewers(except?: Viewer): void {
    for (const viewer of this.#viewers) {
      if (viewer !== except) {
        viewer.announce({
          type: "viewers",
          viewers: this.#viewers.length,
          control: this.isController(viewer),
        });
      }
    }
  }

  #announce(control: ServerControl): void {
    for (const viewer of this.#viewers) viewer.announce(control);
  }
}
