import serialize from "@xterm/addon-serialize";
import unicode from "@xterm/addon-unicode11";
import headless from "@xterm/headless";
import { SequenceTracker } from "./sequence-tracker.ts";
import { UnserializedModes } from "./unserialized-modes.ts";

// CommonJS whose names Node cannot tell from outside.
const { Terminal } = headless;
const { SerializeAddon } = serialize;
const { Unicode11Addon } = unicode;

const scrollback = 5000;

export interface Snapshot {
  /** The screen stands for all output before this. */
  offset: number;
  screen: string;
}

export interface ScreenEvents {
  title(title: string): void;
  /** The answer to a question that the program asked its terminal (where is the cursor? what are you?). */
  reply(data: string): void;
  /** More output may be pushed again. */
  drain(): void;
}

/** What the terminal looks like, kept so that whoever comes can be shown it. */
export class Screen {
  readonly #terminal: headless.Terminal;
  readonly #serializer = new SerializeAddon();
  readonly #modes: UnserializedModes;
  readonly #events: ScreenEvents;
  readonly #tracker = new SequenceTracker();
  /** For each chunk that is not yet parsed, whether its questions are ours to answer. */
  readonly #answers: boolean[] = [];
  #pending = 0;

  constructor(cols: number, rows: number, events: ScreenEvents) {
    this.#terminal = new Terminal({ cols, rows, scrollback, allowProposedApi: true, logLevel: "off" });
    this.#terminal.loadAddon(this.#serializer);
    // As wide as the viewers' terminals and the programs themselves take characters to be.
    this.#terminal.loadAddon(new Unicode11Addon());
    this.#terminal.unicode.activeVersion = "11";
    this.#modes = new UnserializedModes(this.#terminal);
    this.#terminal.onTitleChange((title) => events.title(title.slice(0, 256)));
    this.#terminal.onData((data) => {
      if (this.#answers[0] === true) events.reply(data);
    });
    this.#events = events;
  }

  /** Bytes that wait to be parsed. */
  get pending(): number {
    return this.#pending;
  }

  push(data: Buffer, answer: boolean): void {
    this.#tracker.push(data);
    this.#pending += data.length;
    this.#answers.push(answer);
    this.#terminal.write(data, () => {
      this.#answers.shift();
      this.#pending -= data.length;
      this.#events.drain();
    });
  }

  resize(cols: number, rows: number): void {
    this.#terminal.resize(cols, rows);
  }

  /** Of all that was pushed before the call. */
  async snapshot(): Promise<Snapshot> {
    const offset = this.#tracker.complete;
    return this.#afterAll(() => ({
      offset,
      screen: this.#serializer.serialize({ scrollback }) + this.#modes.serialize(),
    }));
  }

  /** All lines there are; what a full-screen program shows comes after what was there before it. */
  text(): Promise<string> {
    return this.#afterAll(() => {
      const { normal, active } = this.#terminal.buffer;
      return linesOf(normal) + (active.type === "alternate" ? linesOf(active) : "");
    });
  }

  /** Resolves when all that was pushed before the call is on the screen. */
  parsed(): Promise<void> {
    return this.#afterAll(() => undefined);
  }

  /** Runs between what was pushed before the call and what comes after. */
  #afterAll<T>(then: () => T): Promise<T> {
    this.#answers.push(false);
    return new Promise((resolve) => {
      this.#terminal.write("", () => {
        this.#answers.shift();
        resolve(then());
      });
    });
  }

  dispose(): void {
    this.#terminal.dispose();
  }
}

function linesOf(buffer: headless.IBuffer): string {
  const lines: string[] = [];
  let line = "";
  for (let row = 0; row < buffer.length; row++) {
    const continues = buffer.getLine(row + 1)?.isWrapped ?? false;
    line += buffer.getLine(row)?.translateToString(!continues) ?? "";
    if (continues) continue;
    lines.push(line);
    line = "";
  }
  while (lines.at(-1) === "") lines.pop();
  return lines.map((one) => `${one}\n`).join("");
}
