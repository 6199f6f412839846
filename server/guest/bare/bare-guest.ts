import type { Backend } from "../../backends/backend.ts";
import type { Guest } from "../guest.ts";
import { parsePath } from "./cave-path.ts";
import { diskUsage } from "./disk-usage.ts";
import { exec } from "./exec.ts";
import { readArchive, writeArchive } from "./files/archive.ts";
import { makeFolder, moveFile, removeFile } from "./files/change.ts";
import { listFolder } from "./files/list.ts";
import { readFile } from "./files/read.ts";
import { searchFiles } from "./files/search.ts";
import { stat } from "./files/stat.ts";
import { writeFile } from "./files/write.ts";
import { ports } from "./ports.ts";
import { processAt, processes, signalProcess } from "./processes.ts";
import { ready } from "./ready.ts";
import { Shell } from "./shell.ts";
import { unavailable } from "./unavailable.ts";
import { watch } from "./watch.ts";

export interface BareGuestOptions {
  id: string;
  backend: Backend;
}

/** A cave from any image: whatever sh and its tools can do. Opens nothing, so there is nothing to close but what its callers hold. */
export function openBareGuest({ id, backend }: BareGuestOptions): Guest {
  const shell = new Shell(backend, id);
  return {
    ready: (signal) => ready(backend, id, signal),
    exec: (input, signal) => exec(backend, id, input, signal),

    processes: (signal) => processes(shell, signal),
    process: (pid, signal) => processAt(shell, pid, signal),
    signalProcess: (pid, name, signal) => signalProcess(shell, pid, name, signal),
    startProcess: () =>
      unavailable("background processes", "start one with exec and `&`, or use the image ghost/cave"),
    processOutput: () => unavailable("output of background processes"),
    writeProcess: () => unavailable("input of background processes"),

    terminals: () => Promise.resolve([]),
    openTerminal: () => unavailable("terminals"),
    closeTerminal: () => unavailable("terminals"),
    terminalTranscript: () => unavailable("terminals"),
    connectTerminal: () => unavailable("terminals"),

    stat: async (path, signal) => stat(shell, parsePath(path), signal),
    readFile: async (path, options, signal) => readFile(shell, parsePath(path), options, signal),
    listFolder: async (path, depth, signal) => listFolder(shell, parsePath(path), depth, signal),
    writeFile: async (path, body, options, signal) =>
      writeFile(shell, parsePath(path), body, options, signal),
    removeFile: async (path, options, signal) => removeFile(shell, parsePath(path), options, signal),
    moveFile: (input, signal) => moveFile(shell, input, signal),
    makeFolder: (input, signal) => makeFolder(shell, input, signal),
    searchFiles: (input, signal) => searchFiles(shell, input, signal),
    replaceInFiles: () =>
      unavailable("replacing in files", "read, change and write them, or use the image ghost/cave"),
    watchFiles: () => unavailable("watching of files", "list them again, or use the image ghost/cave"),
    readArchive: async (path, signal) => readArchive(shell, parsePath(path), signal),
    writeArchive: async (path, tar, signal) => writeArchive(shell, parsePath(path), tar, signal),

    ports: (signal) => ports(shell, signal),
    services: () => Promise.resolve({}),
    startService: () => unavailable("services"),
    stopService: () => unavailable("services"),
    connectService: () => unavailable("services"),
    desktopThumbnail: () => unavailable("desktop"),
    desktopWindows: () => unavailable("desktop"),
    serviceLogs: () => unavailable("services"),
    setEnvironment: () => Promise.resolve(),
    setSecrets: (values) =>
      Object.keys(values).length === 0
        ? Promise.resolve()
        : unavailable("place for secrets", "pass variables with exec, or use the image ghost/cave"),

    metrics: (signal) => backend.stats(id, signal),
    watch: (signal) => Promise.resolve(watch(shell, signal)),
    diskUsage: diskUsage(shell),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
