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
    /** It compiles by itself and says when it has: `compile` is for when it was not booted. */
    readonly compiles?: boolean;
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

/** Where compilers put the program: not among the run's own files. */
const program = "/tmp/program";
/** Nothing is booted ahead: a waiting slot is a shell's size, and takes none unless it is used. */
const compiled = { diskMb: 128, compileTimeoutMs: 60_000, slotMb: 8, waiting: 0 } as const;
const java = (memoryMb: number) => [
  "java",
  `-Xmx${memoryMb}m`,
  ...["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xshare:auto"],
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
  {
    name: "c",
    title: "C",
    aliases: ["gcc"],
    image: "c",
    fileName: "main.c",
    compile: () => ["gcc", "-O1", "-pipe", "-o", program, work("main.c"), "-lm"],
    run: ({ args }) => [program, ...args],
    versionArgv: ["gcc", "--version"],
    ...compiled,
    example: '#include <stdio.h>\n\nint main(void) {\n  puts("Hello from C");\n}\n',
  },
  {
    name: "cpp",
    title: "C++",
    aliases: ["c++", "g++", "cxx"],
    image: "cpp",
    fileName: "main.cpp",
    compile: () => ["g++", "-O1", "-pipe", "-o", program, work("main.cpp")],
    run: ({ args }) => [program, ...args],
    versionArgv: ["g++", "--version"],
    ...compiled,
    example: '#include <iostream>\n\nint main() {\n  std::cout << "Hello from C++\\n";\n}\n',
  },
  {
    name: "go",
    title: "Go",
    aliases: ["golang"],
    image: "go",
    fileName: "main.go",
    compile: () => ["/ghost/go/build"],
    run: ({ args }) => [program, ...args],
    versionArgv: ["go", "version"],
    ...compiled,
    example: 'package main\n\nimport "fmt"\n\nfunc main() {\n\tfmt.Println("Hello from Go")\n}\n',
  },
  {
    name: "java",
    title: "Java",
    aliases: ["jdk"],
    image: "java",
    fileName: "Main.java",
    compile: () => ["javac", "-proc:none", "-d", "/tmp/classes", work("Main.java")],
    run: ({ args, memoryMb }) => [...java(memoryMb), "-cp", "/tmp/classes", "Main", ...args],
    boot: {
      argv: [
        ...java(runDefaults.memoryMb),
        ...["-XX:SharedArchiveFile=/ghost/java/boot.jsa", "--add-opens", "java.base/java.io=ALL-UNNAMED"],
        ...["-cp", "/ghost/java/boot.jar", "Boot"],
      ],
      sizedByMemory: true,
      compiles: true,
    },
    versionArgv: ["java", "--version"],
    ...compiled,
    slotMb: 90,
    example:
      'public class Main {\n  public static void main(String[] args) {\n    System.out.println("Hello from Java");\n  }\n}\n',
  },
  {
    name: "ruby",
    title: "Ruby",
    aliases: ["rb"],
    image: "ruby",
    fileName: "main.rb",
    run: ({ args }) => ["ruby", work("main.rb"), ...args],
    versionArgv: ["ruby", "--version"],
    ...compiled,
    example: 'puts "Hello from Ruby"\n',
  },
  {
    name: "php",
    title: "PHP",
    aliases: [],
    image: "php",
    fileName: "main.php",
    run: ({ args, memoryMb }) => ["php", "-d", `memory_limit=${memoryMb}M`, work("main.php"), ...args],
    versionArgv: ["php", "--version"],
    ...compiled,
    example: '<?php\necho "Hello from PHP\\n";\n',
  },
  {
    name: "rust",
    title: "Rust",
    aliases: ["rs"],
    image: "rust",
    fileName: "main.rs",
    compile: () => ["rustc", "--edition", "2021", "-C", "opt-level=1", "-o", program, work("main.rs")],
    run: ({ args }) => [program, ...args],
    versionArgv: ["rustc", "--version"],
    ...compiled,
    example: 'fn main() {\n    println!("Hello from Rust");\n}\n',
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
