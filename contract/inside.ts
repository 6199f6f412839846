import { z } from "zod";
import { EnvName } from "./cave.ts";
import { TerminalId, Timestamp } from "./ids.ts";

const Path = z
  .string()
  .min(1)
  .max(4096)
  .refine((path) => !path.includes("\0"), "A path has no NUL.");
/** A path in the cave; relative ones start at /workspace. Bytes that are not UTF-8 travel as `%XX` after a `b:` prefix. */
export const CavePath = Path;

const ProcessEnv = z.record(EnvName, z.string().max(131_072));
const Argv = z.array(z.string().max(131_072)).min(1).max(4096);

const command = {
  command: z.string().max(1_048_576).optional().describe("A shell command line"),
  argv: Argv.optional().describe("A program and its arguments, without a shell"),
  cwd: Path.optional().describe("Default /workspace"),
  env: ProcessEnv.optional(),
};
const oneOf = (input: { command?: string | undefined; argv?: string[] | undefined }) =>
  (input.command === undefined) !== (input.argv === undefined);

/** Most of one stream that an answer carries unless `maxOutputBytes` says otherwise. */
export const defaultOutputBytes = 1_048_576;

export const ExecInput = z
  .strictObject({
    ...command,
    stdin: z
      .string()
      .max(16_777_216)
      .optional()
      .describe("For more, stream it: send the bytes as application/octet-stream"),
    timeoutMs: z
      .number()
      .int()
      .min(1)
      .max(86_400_000)
      .optional()
      .describe("Then the whole process group is killed"),
    maxOutputBytes: z
      .number()
      .int()
      .min(0)
      .max(67_108_864)
      .default(defaultOutputBytes)
      .describe("Of each stream; the rest is dropped and marked"),
  })
  .refine(oneOf, "Give either `command` or `argv`.")
  .meta({ id: "ExecInput" });
export type ExecInput = z.infer<typeof ExecInput>;

const Encoding = z.enum(["utf8", "base64"]).describe("base64 when the bytes are not UTF-8");

export const ExecResult = z
  .strictObject({
    exitCode: z.number().int().nullable().describe("null when a signal ended it"),
    signal: z.string().optional(),
    timedOut: z.boolean(),
    stdout: z.string(),
    stderr: z.string(),
    encoding: z.strictObject({ stdout: Encoding, stderr: Encoding }),
    truncated: z.strictObject({ stdout: z.boolean(), stderr: z.boolean() }),
    durationMs: z.number(),
  })
  .meta({ id: "ExecResult" });
export type ExecResult = z.infer<typeof ExecResult>;

export const ExecExit = z.strictObject({
  exitCode: z.number().int().nullable(),
  signal: z.string().optional(),
  timedOut: z.boolean(),
  truncated: z.strictObject({ stdout: z.boolean(), stderr: z.boolean() }),
  durationMs: z.number(),
});
export type ExecExit = z.infer<typeof ExecExit>;

/** Events of a streamed exec: `data` of stdout and stderr is `{text}`, or `{base64}` where the bytes are not UTF-8. */
export const OutputChunk = z.union([
  z.strictObject({ text: z.string() }),
  z.strictObject({ base64: z.string() }),
]);
export type OutputChunk = z.infer<typeof OutputChunk>;

export const StartProcess = z
  .strictObject({ ...command, name: z.string().max(100).optional() })
  .refine(oneOf, "Give either `command` or `argv`.");
export type StartProcess = z.infer<typeof StartProcess>;

/** A process of the cave: every one the kernel lists; `managed` ones were started through the API and keep their output. */
export const Process = z
  .strictObject({
    pid: z.number().int(),
    parent: z.number().int(),
    command: z.string(),
    name: z.string().optional(),
    managed: z.boolean(),
    running: z.boolean(),
    startedAt: Timestamp,
    cpuMs: z.number(),
    memoryBytes: z.number(),
    exitCode: z.number().int().nullable().optional(),
    signal: z.string().optional(),
    outputBytes: z.number().optional().describe("Offset after the last byte of its output"),
  })
  .meta({ id: "Process" });
export type Process = z.infer<typeof Process>;

export const Signal = z.enum([
  "SIGTERM",
  "SIGKILL",
  "SIGINT",
  "SIGHUP",
  "SIGQUIT",
  "SIGUSR1",
  "SIGUSR2",
  "SIGSTOP",
  "SIGCONT",
]);
export type Signal = z.infer<typeof Signal>;

export const OpenTerminal = z.strictObject({
  cols: z.number().int().min(2).max(1000).default(80),
  rows: z.number().int().min(1).max(500).default(24),
  command: z.string().max(131_072).optional().describe("Instead of the login shell"),
  cwd: Path.optional(),
  env: ProcessEnv.optional(),
  name: z.string().max(100).optional(),
});
export type OpenTerminal = z.infer<typeof OpenTerminal>;

export const Terminal = z
  .strictObject({
    id: TerminalId,
    name: z.string(),
    pid: z.number().int(),
    cols: z.number().int(),
    rows: z.number().int(),
    running: z.boolean(),
    exitCode: z.number().int().nullable().optional(),
    title: z.string().optional(),
    viewers: z.number().int(),
    createdAt: Timestamp,
    offset: z.number().describe("Bytes of output so far"),
  })
  .meta({ id: "Terminal" });
export type Terminal = z.infer<typeof Terminal>;

export const FileKind = z.enum(["file", "folder", "link", "other"]);
export const FileEntry = z
  .strictObject({
    name: z.string(),
    path: z.string(),
    kind: FileKind,
    sizeBytes: z.number(),
    modifiedAt: Timestamp,
    mode: z.number().int().describe("Permission bits"),
    target: z.string().optional().describe("Of a link"),
    etag: z.string().optional(),
    children: z.array(z.unknown()).optional().describe("Entries of a folder, as deep as `depth` asked"),
  })
  .meta({ id: "FileEntry" });
export interface FileEntry {
  name: string;
  path: string;
  kind: z.infer<typeof FileKind>;
  sizeBytes: number;
  modifiedAt: string;
  mode: number;
  target?: string;
  etag?: string;
  children?: FileEntry[];
}

export const FolderListing = z
  .strictObject({ path: z.string(), entries: z.array(FileEntry), truncated: z.boolean() })
  .meta({ id: "FolderListing" });
export interface FolderListing {
  path: string;
  entries: FileEntry[];
  /** More than 10,000 entries were there. */
  truncated: boolean;
}

export const MoveFile = z.strictObject({
  from: Path,
  to: Path,
  overwrite: z.boolean().default(false),
  mkdirs: z.boolean().default(false),
});
export type MoveFile = z.infer<typeof MoveFile>;
export const MakeFolder = z.strictObject({ path: Path, parents: z.boolean().default(true) });
export type MakeFolder = z.infer<typeof MakeFolder>;

export const SearchFiles = z.strictObject({
  path: Path.default("/workspace"),
  query: z.string().min(1).max(4096).describe("In the text of files; a regular expression with `regex`"),
  regex: z.boolean().default(false),
  caseSensitive: z.boolean().default(true),
  glob: z.string().max(1024).optional().describe("Only files like this, e.g. `*.ts`"),
  maxResults: z.number().int().min(1).max(10_000).default(1000),
});
export type SearchFiles = z.infer<typeof SearchFiles>;
export const SearchMatch = z.strictObject({
  path: z.string(),
  line: z.number().int(),
  column: z.number().int(),
  text: z.string(),
});
export type SearchMatch = z.infer<typeof SearchMatch>;
export const SearchResult = z.strictObject({ matches: z.array(SearchMatch), truncated: z.boolean() });
export type SearchResult = z.infer<typeof SearchResult>;

export const ReplaceInFiles = z.strictObject({
  path: Path.describe("A file or a folder"),
  query: z.string().min(1).max(65_536),
  replacement: z.string().max(1_048_576),
  regex: z.boolean().default(false),
  caseSensitive: z.boolean().default(true),
  glob: z.string().max(1024).optional(),
  dryRun: z.boolean().default(false),
});
export type ReplaceInFiles = z.infer<typeof ReplaceInFiles>;
export const ReplaceResult = z.strictObject({
  files: z.array(z.strictObject({ path: z.string(), replacements: z.number().int() })),
  replacements: z.number().int(),
});
export type ReplaceResult = z.infer<typeof ReplaceResult>;

export const FileChange = z.strictObject({
  path: z.string(),
  change: z.enum(["created", "changed", "removed"]),
  kind: FileKind.optional(),
});
export type FileChange = z.infer<typeof FileChange>;
