import { enterCave } from "../caves/enter.ts";
import type { Call } from "../context.ts";
import type { Guest } from "../guest/guest.ts";
import { defined } from "../lib/defined.ts";
import { writeConditions } from "./conditions.ts";
import { execEvents, execResult } from "./exec.ts";
import { Reply, type Handlers } from "./handler.ts";
import { readPath } from "./read-file.ts";
import { map } from "./streams.ts";
import type { Scope } from "#contract/scopes.ts";

interface InCave {
  params: { cave: string };
}

/** The way in, and then one verb of what is inside. */
function inside(scope: Scope, activity?: string) {
  const about = { scope, ...(activity !== undefined && { activity }) };
  return <I extends InCave, T>(use: (guest: Guest, input: I, signal: AbortSignal) => Promise<T>) =>
    async (call: Call, input: I, signal: AbortSignal): Promise<T> => {
      const { guest } = await enterCave(call, { cave: input.params.cave, ...about }, signal);
      return use(guest, input, signal);
    };
}
const looking = inside("caves:exec");
const running = inside("caves:exec", "process");
const typing = inside("caves:exec", "terminal");
const reading = inside("caves:files", "file");
const watching = inside("caves:files");

export const exec: Handlers["exec"] = { run: { json: execResult, events: execEvents } };

export const processes: Handlers["processes"] = {
  list: looking(async (guest, _, signal) => ({ processes: await guest.processes(signal) })),
  start: running((guest, { body }, signal) => guest.startProcess(body, signal)),
  get: looking((guest, { params }, signal) => guest.process(params.pid, signal)),
  output: looking(async (guest, { params, query }, signal) => {
    const { from, stream } = await guest.processOutput(params.pid, query, signal);
    return new Reply(stream, { headers: { "ghost-output-from": from } });
  }),
  signal: running((guest, { params, body }, signal) => guest.signalProcess(params.pid, body.signal, signal)),
  stdin: running((guest, { params, query, body }, signal) =>
    guest.writeProcess(params.pid, body, query, signal),
  ),
};

export const terminals: Handlers["terminals"] = {
  list: looking(async (guest, _, signal) => ({ terminals: await guest.terminals(signal) })),
  open: typing((guest, { body }, signal) => guest.openTerminal(body, signal)),
  close: typing((guest, { params }, signal) => guest.closeTerminal(params.id, signal)),
  transcript: looking(async (guest, { params, query }, signal) => {
    const kind = query.format === "raw" ? "ansi" : "txt";
    return new Reply(await guest.terminalTranscript(params.id, query, signal), {
      headers: { "content-disposition": `attachment; filename="${params.id}.${kind}"` },
    });
  }),
  connect: typing((guest, { params, query }, signal) =>
    guest.connectTerminal(params.id, defined(query), signal),
  ),
};

const read = reading((guest, { query, headers }, signal) =>
  readPath(guest, query, headers, signal),
) as Handlers["files"]["read"]["bytes"] & Handlers["files"]["read"]["json"];

export const files: Handlers["files"] = {
  read: { bytes: read, json: read },
  write: reading((guest, { query, body, headers }, signal) => {
    const mode = query.mode === undefined ? {} : { mode: Number.parseInt(query.mode, 8) };
    return guest.writeFile(
      query.path,
      body,
      { mkdirs: query.mkdirs, ...mode, ...writeConditions(headers) },
      signal,
    );
  }),
  remove: reading((guest, { query: { path, ...how } }, signal) => guest.removeFile(path, how, signal)),
  move: reading((guest, { body }, signal) => guest.moveFile(body, signal)),
  mkdir: reading((guest, { body }, signal) => guest.makeFolder(body, signal)),
  search: reading((guest, { body }, signal) => guest.searchFiles(body, signal)),
  replace: reading((guest, { body }, signal) => guest.replaceInFiles(body, signal)),
  watch: watching(async (guest, { query }, signal) =>
    map(await guest.watchFiles(query.path, signal), (data) => ({ event: "change" as const, data })),
  ),
  download: reading((guest, { query }, signal) => guest.readArchive(query.path, signal)),
  upload: reading((guest, { query, body }, signal) => guest.writeArchive(query.path, body, signal)),
};
