import type { Language } from "./languages.ts";
import { Output, type Stream } from "./output.ts";
import type { RunRecord } from "./run-record.ts";
import type { RunInput } from "#contract/run.ts";

/** A run under way: what is known of it, who follows it, and the way to end it. */
export class LiveRun {
  readonly language: Language;
  readonly input: RunInput;
  readonly output = new Output();
  record: RunRecord;
  /** Among those that wait for their turn; the next is 1. */
  position: number | undefined;
  readonly #followers = new Set<() => void>();
  readonly #cancel = new AbortController();
  readonly #done = Promise.withResolvers<RunRecord>();

  constructor(record: RunRecord, language: Language, input: RunInput) {
    this.record = record;
    this.language = language;
    this.input = input;
  }

  /** Aborted when somebody wants it to end. */
  get cancelled(): AbortSignal {
    return this.#cancel.signal;
  }

  /** The record with its verdict. Never rejects. */
  get done(): Promise<RunRecord> {
    return this.#done.promise;
  }

  cancel(): void {
    this.#cancel.abort();
  }

  /** Told whenever there is something new to look at. */
  follow(changed: () => void): Disposable {
    this.#followers.add(changed);
    return { [Symbol.dispose]: () => void this.#followers.delete(changed) };
  }

  waitsAt(position: number): void {
    if (position === this.position) return;
    this.position = position;
    this.#tell();
  }

  starts(): void {
    this.position = undefined;
    this.record = { ...this.record, status: "running" };
    this.#tell();
  }

  wrote(stream: Stream, atUs: number, bytes: Buffer): void {
    this.output.add(stream, atUs, bytes);
    this.#tell();
  }

  ends(record: RunRecord): void {
    this.record = record;
    this.#done.resolve(record);
    this.#tell();
  }

  #tell(): void {
    for (const changed of this.#followers) changed();
  }
}
