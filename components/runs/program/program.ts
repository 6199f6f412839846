import { joinArgs, splitArgs } from "./args.ts";
import type { ExecuteInput } from "#contract/executor.ts";
import { runDefaults } from "#contract/run-bounds.ts";
import type { RunBytes, RunInput } from "#contract/run.ts";

export type LimitName = keyof typeof runDefaults;
export const limitNames = Object.keys(runDefaults) as LimitName[];

/** What the playground holds of a program: what is typed, before it is a request. */
export interface Program {
  readonly language: string;
  /** What the language runs, under the name that it gives it. */
  readonly code: string;
  /** The other files of the working folder, by path. */
  readonly files: Readonly<Record<string, RunBytes>>;
  readonly stdin: RunBytes;
  /** As on a command line; `splitArgs` makes words of it. */
  readonly args: string;
  /** Only those that are not the usual ones. */
  readonly limits: Readonly<Partial<Record<LimitName, number>>>;
  readonly network: boolean;
  readonly typecheck: boolean;
  /** Empty: the engine's usual one. */
  readonly runtime: string;
}

export const emptyProgram = (language: string): Program => ({
  language,
  code: "",
  files: {},
  stdin: "",
  args: "",
  limits: {},
  network: false,
  typecheck: false,
  runtime: "",
});

/** The request. Throws a sentence when the arguments cannot be read. */
export function inputOf(program: Program): ExecuteInput {
  const { language, code, files, stdin, args, limits, network, typecheck, runtime } = program;
  return {
    language,
    code,
    files: { ...files },
    ...(stdin !== "" && { stdin }),
    args: splitArgs(args),
    ...limits,
    network,
    ...(typecheck && language === "typescript" && { typecheck }),
    ...(runtime !== "" && { runtime }),
  };
}

/** What was asked for, to go on with. */
export function programOf(input: RunInput, language: string): Program {
  const limits = Object.fromEntries(
    limitNames.filter((name) => input[name] !== runDefaults[name]).map((name) => [name, input[name]]),
  );
  const { code, files, stdin = "", args, network, typecheck, runtime = "" } = input;
  return { language, code, files, stdin, args: joinArgs(args), limits, network, typecheck, runtime };
}

export const bytesOf = (content: RunBytes): number =>
  typeof content === "string"
    ? new TextEncoder().encode(content).length
    : Math.floor((content.base64.length * 3) / 4);

export const sizeOf = ({ code, files, stdin }: Program): number =>
  [code, stdin, ...Object.values(files)].reduce((sum, one) => sum + bytesOf(one), 0);
