import { z } from "zod";
import { createClient, type CallOptions, type Client, type ClientOptions } from "./client.ts";
import { runBounds, type Run, type RunBytes } from "./run.ts";

type Create = NonNullable<Parameters<Client["runs"]["create"]>[0]>["body"];
/** What a run is given; all but language and code has a default. */
export type ExecuteInput = Omit<Create, "wait">;

/** The arguments of the tool `execute_code`, as models are shown them. */
export const ExecuteCode = z.strictObject({
  language: z.string().describe("python, nodejs, typescript, bash, go, java, ruby, php, c, cpp or rust"),
  code: z.string().max(runBounds.code).describe("The whole program"),
  stdin: z.string().optional().describe("What the program reads"),
  files: z.record(z.string(), z.string()).optional().describe("More files for its folder, by name"),
  timeout: z.number().positive().max(300).default(30).describe("Seconds"),
  cpu_limit: z.number().int().min(50).max(runBounds.cpuMillis).default(1000).describe("Thousandths of a CPU"),
  mem_limit: z.number().int().min(32).max(runBounds.memoryMb).default(512).describe("MB"),
});
export type ExecuteCode = z.input<typeof ExecuteCode>;

/** A tool as agent frameworks take it. */
export interface ExecuteCodeTool {
  readonly name: "execute_code";
  readonly description: string;
  /** JSON Schema of the arguments. */
  readonly schema: Record<string, unknown>;
  execute(given: ExecuteCode, options?: CallOptions): Promise<Run>;
}

/** What the tool's arguments are as a run. */
export function runOfTool(given: ExecuteCode): ExecuteInput {
  const {
    timeout,
    cpu_limit: cpuMillis,
    mem_limit: memoryMb,
    stdin,
    files,
    ...rest
  } = ExecuteCode.parse(given);
  return {
    ...rest,
    ...{ cpuMillis, memoryMb, timeoutMs: Math.max(1, Math.round(timeout * 1000)) },
    ...(stdin !== undefined && { stdin }),
    ...(files !== undefined && { files }),
  };
}

/**
 * Runs code on a gateway: `await new Executor({ url, token }).executePython("print(1)")`. A program that fails is a result; what cannot
 * be run at all throws a `GhostError`.
 */
export class Executor {
  readonly #client: Client;

  constructor(options: ClientOptions) {
    this.#client = createClient(options);
  }

  execute(input: ExecuteInput, options: CallOptions = {}): Promise<Run> {
    return this.#client.runs.create({ body: { ...input, wait: true } }, options);
  }

  executePython(code: string, more: Partial<ExecuteInput> = {}, options?: CallOptions): Promise<Run> {
    return this.execute({ ...more, language: "python", code }, options);
  }

  executeJavaScript(code: string, more: Partial<ExecuteInput> = {}, options?: CallOptions): Promise<Run> {
    return this.execute({ ...more, language: "javascript", code }, options);
  }

  executeTypeScript(code: string, more: Partial<ExecuteInput> = {}, options?: CallOptions): Promise<Run> {
    return this.execute({ ...more, language: "typescript", code }, options);
  }

  executeBash(code: string, more: Partial<ExecuteInput> = {}, options?: CallOptions): Promise<Run> {
    return this.execute({ ...more, language: "bash", code }, options);
  }

  /** Up to 20 at once; the answers come in the order of the request. */
  async batch(runs: readonly ExecuteInput[], options: CallOptions = {}): Promise<Run[]> {
    return (await this.#client.runs.batch({ body: { runs: [...runs] } }, options)).runs;
  }

  get tool(): ExecuteCodeTool {
    return {
      name: "execute_code",
      description:
        "Runs a program in a fresh container that nothing else uses, without a network, and answers its output, exit code and verdict.",
      schema: z.toJSONSchema(ExecuteCode, { io: "input" }),
      execute: (given, options) => this.execute(runOfTool(given), options),
    };
  }
}

/** Output as bytes, whichever way it was sent. */
export function outputOf(run: Run, stream: "stdout" | "stderr"): Uint8Array {
  if (run.encoding[stream] === "utf8") return new TextEncoder().encode(run[stream]);
  return Uint8Array.from(atob(run[stream]), (letter) => letter.charCodeAt(0));
}

export type { Run, RunBytes };
