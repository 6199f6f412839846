import type { Readable } from "node:stream";
import { readCredentials, type Credentials } from "./credentials.ts";
import { createFetch } from "./http-fetch.ts";
import { styleFor, type Style } from "./style.ts";
import type { Client } from "#contract/client.ts";

type Out = NodeJS.WriteStream;
type In = Readable & Partial<Pick<NodeJS.ReadStream, "isTTY" | "setRawMode" | "isRaw">>;

export interface CliOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: In;
  readonly stdout: Out;
  readonly stderr: Out;
  /** Aborted by SIGINT, SIGTERM and SIGHUP. */
  readonly signal: AbortSignal;
  /** The words after `--`, where there is one. */
  readonly argv: readonly string[] | undefined;
}

/** What a command works with. */
export class Cli implements Disposable {
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: In;
  readonly stdout: Out;
  readonly stderr: Out;
  readonly signal: AbortSignal;
  readonly argv: readonly string[] | undefined;
  readonly style: Style;
  readonly errorStyle: Style;
  exitCode = 0;
  /** Errors are printed as JSON. */
  json = false;
  #credentials: Credentials | undefined;
  #client: Client | undefined;
  readonly #stack = new DisposableStack();

  constructor(options: CliOptions) {
    this.env = options.env;
    this.stdin = options.stdin;
    this.stdout = options.stdout;
    this.stderr = options.stderr;
    this.signal = options.signal;
    this.argv = options.argv;
    this.style = styleFor(options.stdout, options.env);
    this.errorStyle = styleFor(options.stderr, options.env);
  }

  /** Columns to lay out in; as many as it takes where nobody looks. */
  get width(): number {
    return this.stdout.isTTY ? this.stdout.columns : Infinity;
  }

  get credentials(): Credentials {
    if (!this.#credentials) {
      this.#credentials = readCredentials(this.env);
      if (this.#credentials.warning !== undefined) this.note(this.#credentials.warning);
    }
    return this.#credentials;
  }

  /** The API. Loaded on first use: help and completion need not wait for it. */
  async api(): Promise<Client> {
    if (!this.#client) {
      const { createClient } = await import("#contract/client.ts");
      const { url, token } = this.credentials;
      this.#client = createClient({ url, token, fetch: this.#stack.use(createFetch()).fetch });
    }
    return this.#client;
  }

  get call(): { signal: AbortSignal } {
    return { signal: this.signal };
  }

  print(...lines: readonly string[]): void {
    for (const line of lines) this.stdout.write(`${line}\n`);
  }

  printJson(value: unknown): void {
    this.print(JSON.stringify(value, undefined, 2));
  }

  /** Something beside the result. */
  note(text: string): void {
    this.stderr.write(`${this.errorStyle.dim(text)}\n`);
  }

  [Symbol.dispose](): void {
    this.#stack.dispose();
  }
}
