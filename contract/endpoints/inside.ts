import { z } from "zod";
import { answerJson, bytes, endpoint, events, json, nothing, text } from "../endpoint.ts";
import { CaveRef, TerminalId } from "../ids.ts";
import {
  CavePath,
  ExecExit,
  ExecInput,
  ExecResult,
  FileChange,
  FileEntry,
  FolderListing,
  MakeFolder,
  MoveFile,
  OpenTerminal,
  OutputChunk,
  Process,
  ReplaceInFiles,
  ReplaceResult,
  SearchFiles,
  SearchResult,
  Signal,
  StartProcess,
  Terminal,
  defaultOutputBytes,
} from "../inside.ts";
import { Flag } from "./caves.ts";

const params = z.strictObject({ cave: CaveRef });
const pidParams = params.extend({
  pid: z
    .string()
    .regex(/^[1-9]\d{0,9}$/)
    .transform(Number),
});
const terminalParams = params.extend({ id: TerminalId });
export const reach = [
  "cave_not_found",
  "cave_state",
  "cave_unreachable",
  "surface_unavailable",
  "backend_unavailable",
] as const;
const path = z.strictObject({ path: CavePath });
const MB = 1_048_576;

export const exec = {
  run: endpoint({
    method: "post",
    path: "/v1/caves/{cave}/exec",
    summary: "Run a command",
    tag: "Processes",
    access: "caves:exec",
    params,
    description:
      "A non-zero exit is a 200. `Accept: text/event-stream` streams `stdout`, `stderr` and `exit` events. For a large or endless stdin send the bytes " +
      "as application/octet-stream and the command in the query. When the caller goes away the command and all it started are killed.",
    query: z
      .strictObject({
        command: z.string().max(65_536).optional(),
        cwd: CavePath.optional(),
        timeoutMs: z.coerce.number().int().min(1).max(86_400_000).optional(),
        maxOutputBytes: z.coerce.number().int().min(0).max(67_108_864).default(defaultOutputBytes),
      })
      .describe("With a raw body only"),
    body: [json(ExecInput, 20 * MB), bytes()],
    answer: [answerJson(ExecResult), events({ stdout: OutputChunk, stderr: OutputChunk, exit: ExecExit })],
    errors: [...reach, "working_directory"],
  }),
} as const;

export const processes = {
  list: endpoint({
    method: "get",
    path: "/v1/caves/{cave}/processes",
    summary: "List every process of a cave",
    tag: "Processes",
    access: "caves:exec",
    params,
    answer: [answerJson(z.strictObject({ processes: z.array(Process) }))],
    errors: reach,
  }),
  start: endpoint({
    method: "post",
    path: "/v1/caves/{cave}/processes",
    summary: "Start a background process",
    tag: "Processes",
    access: "caves:exec",
    params,
    body: [json(StartProcess, 2 * MB)],
    answer: [answerJson(Process)],
    status: 201,
    errors: [...reach, "working_directory"],
  }),
  get: endpoint({
    method: "get",
    path: "/v1/caves/{cave}/processes/{pid}",
    summary: "Get one process",
    tag: "Processes",
    access: "caves:exec",
    params: pidParams,
    answer: [answerJson(Process)],
    errors: [...reach, "process_not_found"],
  }),
  output: endpoint({
    method: "get",
    path: "/v1/caves/{cave}/processes/{pid}/output",
    summary: "Read a background process' output",
    tag: "Processes",
    access: "caves:exec",
    description:
      "Raw bytes from an offset; `Ghost-Output-From` says where they begin when older ones are gone.",
    params: pidParams,
    query: z.strictObject({ since: z.coerce.number().int().min(0).default(0), follow: Flag.default(false) }),
    answer: [bytes()],
    errors: [...reach, "process_not_found"],
  }),
  signal: endpoint({
    method: "post",
    path: "/v1/caves/{cave}/processes/{pid}/signal",
    summary: "Signal a process; a background process' whole group",
    tag: "Processes",
    access: "caves:exec",
    params: pidParams,
    body: [json(z.strictObject({ signal: Signal.default("SIGTERM") }))],
    answer: [nothing],
    errors: [...reach, "process_not_found"],
  }),
  stdin: endpoint({
    method: "post",
    path: "/v1/caves/{cave}/processes/{pid}/stdin",
    summary: "Write to a background process",
    tag: "Processes",
    access: "caves:exec",
    params: pidParams,
    query: z.strictObject({ end: Flag.default(false) }),
    body: [bytes()],
    answer: [nothing],
    errors: [...reach, "process_not_found"],
  }),
} as const;

export const terminals = {
  list: endpoint({
    method: "get",
    path: "/v1/caves/{cave}/terminals",
    summary: "List terminals",
    tag: "Terminals",
    access: "caves:exec",
    params,
    answer: [answerJson(z.strictObject({ terminals: z.array(Terminal) }))],
    errors: reach,
  }),
  open: endpoint({
    method: "post",
    path: "/v1/caves/{cave}/terminals",
    summary: "Open a terminal",
    tag: "Terminals",
    access: "caves:exec",
    params,
    body: [json(OpenTerminal)],
    answer: [answerJson(Terminal)],
    status: 201,
    errors: [...reach, "working_directory", "limit_reached"],
  }),
  close: endpoint({
    method: "delete",
    path: "/v1/caves/{cave}/terminals/{id}",
    summary: "Close a terminal and end what runs in it",
    tag: "Terminals",
    access: "caves:exec",
    params: terminalParams,
    answer: [nothing],
    errors: [...reach, "terminal_not_found"],
  }),
  transcript: endpoint({
    method: "get",
    path: "/v1/caves/{cave}/terminals/{id}/transcript",
    summary: "Download what a terminal has shown",
    tag: "Terminals",
    access: "caves:exec",
    description:
      "`text`: its lines as they were shown, the last 5,000 of them. `raw`: the last half megabyte of its output with all escape sequences, to be shown " +
      "again by a terminal (`cat`).",
    params: terminalParams,
    query: z.strictObject({ format: z.enum(["text", "raw"]).default("text") }),
    answer: [text()],
    errors: [...reach, "terminal_not_found"],
  }),
  connect: endpoint({
    method: "get",
    path: "/v1/caves/{cave}/terminals/{id}/ws",
    summary: "Attach to a terminal (WebSocket)",
    tag: "Terminals",
    access: "caves:exec",
    description: "Frames are described in contract/frames.ts. `since` resumes at that byte of the output.",
    params: terminalParams,
    query: z.strictObject({ since: z.coerce.number().int().min(0).optional() }),
    answer: [{ kind: "socket" }],
    errors: [...reach, "terminal_not_found"],
  }),
} as const;

export const files = {
  read: endpoint({
    method: "get",
    path: "/v1/caves/{cave}/files",
    summary: "Read a file, or list a folder",
    tag: "Files",
    access: "caves:files",
    params,
    description:
      "A file answers its raw bytes (`Range`, `ETag`, `If-None-Match`); a folder a JSON listing, `depth` levels deep. `stat=true` answers the entry alone.",
    query: path.extend({
      depth: z.coerce.number().int().min(1).max(20).default(1),
      stat: Flag.default(false),
    }),
    headers: ["Range", "If-None-Match"],
    answer: [bytes(), answerJson(z.union([FolderListing, FileEntry]))],
    errors: [...reach, "file_not_found", "file_denied", "file_kind", "range_not_satisfiable"],
  }),
  write: endpoint({
    method: "put",
    path: "/v1/caves/{cave}/files",
    summary: "Write a file",
    tag: "Files",
    access: "caves:files",
    params,
    description: "The bytes are streamed beside the target and renamed over it when complete.",
    query: path.extend({
      mkdirs: Flag.default(false),
      mode: z
        .string()
        .regex(/^[0-7]{3,4}$/)
        .optional()
        .describe("Permission bits, in octal"),
    }),
    headers: ["If-Match", "If-None-Match"],
    body: [bytes()],
    answer: [answerJson(FileEntry)],
    errors: [...reach, "file_not_found", "file_denied", "file_kind", "file_changed", "disk_full"],
  }),
  remove: endpoint({
    method: "delete",
    path: "/v1/caves/{cave}/files",
    summary: "Delete a file or folder",
    tag: "Files",
    access: "caves:files",
    params,
    query: path.extend({ recursive: Flag.default(false) }),
    answer: [nothing],
    errors: [...reach, "file_not_found", "file_denied", "file_kind"],
  }),
  move: endpoint({
    method: "post",
    path: "/v1/caves/{cave}/files/move",
    summary: "Move or rename",
    tag: "Files",
    access: "caves:files",
    params,
    body: [json(MoveFile)],
    answer: [answerJson(FileEntry)],
    errors: [...reach, "file_not_found", "file_denied", "file_exists", "file_kind"],
  }),
  mkdir: endpoint({
    method: "post",
    path: "/v1/caves/{cave}/files/mkdir",
    summary: "Make a folder",
    tag: "Files",
    access: "caves:files",
    params,
    body: [json(MakeFolder)],
    answer: [answerJson(FileEntry)],
    status: 201,
    errors: [...reach, "file_not_found", "file_denied", "file_exists"],
  }),
  search: endpoint({
    method: "post",
    path: "/v1/caves/{cave}/files/search",
    summary: "Search in files",
    tag: "Files",
    access: "caves:files",
    params,
    body: [json(SearchFiles)],
    answer: [answerJson(SearchResult)],
    errors: [...reach, "file_not_found", "invalid_input"],
  }),
  replace: endpoint({
    method: "post",
    path: "/v1/caves/{cave}/files/replace",
    summary: "Replace in files",
    tag: "Files",
    access: "caves:files",
    params,
    body: [json(ReplaceInFiles, 4 * MB)],
    answer: [answerJson(ReplaceResult)],
    errors: [...reach, "file_not_found", "file_denied", "invalid_input"],
  }),
  watch: endpoint({
    method: "get",
    path: "/v1/caves/{cave}/files/watch",
    summary: "Follow changes below a folder",
    tag: "Files",
    access: "caves:files",
    params,
    query: path,
    answer: [events({ change: FileChange })],
    errors: [...reach, "file_not_found", "file_kind"],
  }),
  download: endpoint({
    method: "get",
    path: "/v1/caves/{cave}/files/archive",
    summary: "Download as tar",
    tag: "Files",
    access: "caves:files",
    params,
    query: path,
    answer: [bytes("application/x-tar")],
    errors: [...reach, "file_not_found", "file_denied"],
  }),
  upload: endpoint({
    method: "put",
    path: "/v1/caves/{cave}/files/archive",
    summary: "Unpack a tar",
    tag: "Files",
    access: "caves:files",
    params,
    description: "Unpacked in the cave, by the cave's user.",
    query: path,
    body: [bytes("application/x-tar")],
    answer: [nothing],
    errors: [...reach, "file_not_found", "file_denied", "disk_full", "bad_request"],
  }),
} as const;
