import { AppError } from "../lib/app-error.ts";
import { runDefaults, type RunInput } from "#contract/run.ts";

/** How to run code of one language: a row of the table below, and a stage of cave-image/executor/Dockerfile. See docs/executor.md. */
export interface Language {
  readonly name: string;
  readonly title: string;
  readonly aliases: readonly string[];
  /** Stage of the Dockerfile, and tag of `ghost/run`. */
  readonly image: string;
  readonly fileName: string;
  /** Before the code runs; when it fails, that is the result. */
  readonly compile?: (input: RunInput) => readonly string[] | undefined;
  readonly run: (input: RunInput) => readonly string[];
  /** An interpreter that is started ahead and opens the file when it is there; it takes the words of `run` after the file's name. */
  readonly boot?: {
    readonly argv: readonly string[];
    /** It was told at its start how much memory there is: for another limit it must be started again. */
    readonly sizedByMemory?: boolean;
  };
  readonly versionArgv: readonly string[];
  readonly diskMb: number;
  readonly compileTimeoutMs: number;
  /** What a waiting container takes, shim of the engine included: for the memory budget. */
  readonly slotMb: number;
  /** How many wait when nobody has said otherwise. */
  readonly waiting: number;
  readonly example: string;
}

const work = (name: string) => `/work/${name}`;
const node = (memoryMb: number, file: string) => [
  "node",
  // As much as the container has: what is too much is then the kernel's verdict.
  `--max-old-space-size=${memoryMb}`,
  "--experimental-transform-types",
  "--disable-warning=ExperimentalWarning",
  file,
];
const bootedNode = (file: string) => [
  ...node(runDefaults.memoryMb, "").slice(0, -1),
  ...["--require", "/ghost/node/boot.cjs", file],
];

export const languages: readonly Language[] = [
  {
    name: "python",
    title: "Python",
    aliases: ["python3", "py"],
    image: "python",
    fileName: "main.py",
    run: ({ args }) => ["python3", work("main.py"), ...args],
    boot: { argv: ["python3", work("main.py")] },
    versionArgv: ["python3", "--version"],
    diskMb: 64,
    compileTimeoutMs: 30_000,
    slotMb: 20,
    waiting: 2,
    example: 'print("Hello from Python")\n',
  },
  {
    name: "javascript",
    title: "JavaScript",
    aliases: ["js", "node", "nodejs"],
    image: "node",
    fileName: "main.js",
    run: ({ args, memoryMb }) => [...node(memoryMb, work("main.js")), ...args],
    boot: { argv: bootedNode(work("main.js")), sizedByMemory: true },
    versionArgv: ["node", "--version"],
    diskMb: 64,
    compileTimeoutMs: 30_000,
    slotMb: 40,
    waiting: 1,
    example: 'console.log("Hello from JavaScript");\n',
  },
  {
    name: "typescript",
    title: "TypeScript",
    aliases: ["ts"],
    image: "node",
    fileName: "main.ts",
    compile: ({ typecheck }) =>
      typecheck
        ? ["node", "/opt/typescript/lib/tsc.js", "--project", "/ghost/node/tsconfig.json"]
        : undefined,
    run: ({ args, memoryMb }) => [...node(memoryMb, work("main.ts")), ...args],
    boot: { argv: bootedNode(work("main.ts")), sizedByMemory: true },
    versionArgv: ["node", "-p", 'require("/opt/typescript/package.json").version'],
    diskMb: 64,
    compileTimeoutMs: 60_000,
    slotMb: 50,
    waiting: 0,
    example: 'const name: string = "TypeScript";\nconsole.log(`Hello from ${name}`);\n',
  },
  {
    name: "bash",
    title: "Bash",
    aliases: ["sh", "shell"],
    image: "bash",
    fileName: "main.sh",
    run: ({ args }) => ["bash", work("main.sh"), ...args],
    versionArgv: ["bash", "--version"],
    diskMb: 64,
    compileTimeoutMs: 30_000,
    slotMb: 8,
    waiting: 1,
    example: 'echo "Hello from Bash $BASH_VERSION"\n',
  },
];

export const imageOf = ({ image }: Language) => `ghost/run:${image}`;
export const buildCommand = ({ image }: Language) => `npm run images -- run:${image}`;

const byName = new Map(
  languages.flatMap((language) =>
    [language.name, ...language.aliases].map((name) => [name, language] as const),
  ),
);

export function languageOf(name: string): Language {
  const language = byName.get(name.toLowerCase());
  if (language === undefined) {
    throw new AppError("language_not_found", `There is no language ${name}.`, {
      details: { languages: languages.map((one) => one.name) },
    });
  }
  return language;
}
