import { z } from "zod";
import type { Guest } from "../guest.ts";
import { parsed, type DaemonClient } from "./client.ts";
import { daemonPath } from "#contract/daemon.ts";
import { Process } from "#contract/inside.ts";

type ProcessVerbs = Pick<
  Guest,
  "processes" | "startProcess" | "process" | "processOutput" | "signalProcess" | "writeProcess"
>;

export function processVerbs(client: DaemonClient): ProcessVerbs {
  return {
    processes: (signal) => client.json(z.array(Process), { path: daemonPath.processes }, signal),
    process: (pid, signal) => client.json(Process, { path: daemonPath.process(pid) }, signal),
    startProcess: (input, signal) =>
      client.json(Process, { method: "POST", path: daemonPath.processes, json: input }, signal),
    async processOutput(pid, { since, follow }, signal) {
      const { res } = await client.open(
        { path: daemonPath.processOutput(pid), query: { since, follow } },
        signal,
      );
      return {
        from: parsed(z.coerce.number().int().nonnegative(), res.headers["x-ghost-from"]),
        stream: res,
      };
    },
    async signalProcess(pid, name, signal) {
      await client.json(
        z.unknown(),
        { method: "POST", path: daemonPath.processSignal(pid), json: { signal: name } },
        signal,
      );
    },
    async writeProcess(pid, stdin, { end }, signal) {
      await client.json(
        z.unknown(),
        { method: "POST", path: daemonPath.processStdin(pid), query: { end }, body: stdin },
        signal,
      );
    },
  };
}
