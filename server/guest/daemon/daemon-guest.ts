import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { isAppError } from "../../lib/app-error.ts";
import type { Guest } from "../guest.ts";
import { DaemonClient, nonsense, type DaemonAddress } from "./client.ts";
import { exec } from "./exec.ts";
import { fileVerbs } from "./files.ts";
import { lines } from "./lines.ts";
import { processVerbs } from "./process-verbs.ts";
import { Ports, Services } from "./state.ts";
import { Windows } from "./windows.ts";
import { Activity, ServiceState } from "#contract/cave.ts";
import { daemonPath, daemonProtocol, mostOpenedWindows, oldestDaemonProtocol } from "#contract/daemon.ts";
import { Terminal } from "#contract/inside.ts";

const Ready = z.object({ protocol: z.number().int().min(oldestDaemonProtocol).max(daemonProtocol) });
const thumbnailBytes = 2 ** 20;
const Metrics = z.strictObject({
  cpuMs: z.number(),
  memoryBytes: z.number(),
  memoryLimitBytes: z.number(),
  pids: z.number(),
});
const Event = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ports"), ports: Ports }),
  z.object({ kind: z.literal("services"), services: Services }),
  z.object({ kind: z.literal("windows"), opened: Windows.max(mostOpenedWindows) }),
  z.object({ kind: z.literal("activity"), activity: Activity }),
]);

/** A cave whose image has the daemon. */
export function openDaemonGuest(address: DaemonAddress): Guest {
  const client = new DaemonClient(address);
  return {
    ...processVerbs(client),
    ...fileVerbs(client),
    ready: (signal) => ready(client, signal),
    exec: (input, signal) => exec(client, input, signal),

    terminals: (signal) => client.json(z.array(Terminal), { path: daemonPath.terminals }, signal),
    openTerminal: (input, signal) =>
      client.json(Terminal, { method: "POST", path: daemonPath.terminals, json: input }, signal),
    async closeTerminal(id, signal) {
      await client.json(z.unknown(), { method: "DELETE", path: daemonPath.terminal(id) }, signal);
    },
    async terminalTranscript(id, query, signal) {
      return (await client.open({ path: daemonPath.terminalTranscript(id), query }, signal)).res;
    },
    async connectTerminal(id, { since }, signal) {
      const { socket, headers } = await client.connect(signal);
      return {
        socket,
        headers,
        path: `${daemonPath.terminalSocket(id)}${since === undefined ? "" : `?since=${since}`}`,
      };
    },

    ports: (signal) => client.json(Ports, { path: daemonPath.ports }, signal),
    services: (signal) => client.json(Services, { path: daemonPath.services }, signal),
    startService: (name, signal) =>
      client.json(ServiceState, { method: "POST", path: daemonPath.serviceStart(name) }, signal),
    stopService: (name, signal) =>
      client.json(ServiceState, { method: "POST", path: daemonPath.serviceStop(name) }, signal),
    connectService: (name, signal) => client.upgrade(daemonPath.serviceConnect(name), "ghost-stream", signal),
    desktopThumbnail: (width, signal) => thumbnail(client, width, signal),
    desktopWindows: (signal) => client.json(Windows, { path: daemonPath.desktopWindows }, signal),
    async serviceLogs(name, { follow }, signal) {
      return (await client.open({ path: daemonPath.serviceLogs(name), query: { follow } }, signal)).res;
    },
    async setEnvironment(values, signal) {
      const put = { method: "PUT", path: daemonPath.environment, json: values } as const;
      await client.json(z.unknown(), put, signal).catch((error: unknown) => {
        if (!isAppError(error, "surface_unavailable")) throw error; // one of the first protocol has no place for them
      });
    },
    async setSecrets(values, signal) {
      await client.json(z.unknown(), { method: "PUT", path: daemonPath.secrets, json: values }, signal);
    },

    async watch(signal) {
      const { res } = await client.open({ path: daemonPath.watch }, signal);
      return lines(res, Event, signal);
    },
    metrics: (signal) => client.json(Metrics, { path: daemonPath.metrics }, signal),
    async diskUsage(signal) {
      return (await client.json(z.object({ diskBytes: z.number() }), { path: daemonPath.disk }, signal))
        .diskBytes;
    },
    [Symbol.asyncDispose]() {
      client.close();
      return Promise.resolve();
    },
  };
}

/** Only its first bytes are looked at: whoever shows it decodes it as what it is not trusted to be. */
async function thumbnail(client: DaemonClient, width: number, signal: AbortSignal): Promise<Buffer> {
  const image = await client.bytes(
    { path: daemonPath.desktopThumbnail, query: { width } },
    thumbnailBytes,
    signal,
  );
  if (image.toString("hex", 0, 3) !== "ffd8ff") throw nonsense();
  return image;
}

/** The daemon listens some tens of milliseconds after its container has started; until then nothing answers. */
async function ready(client: DaemonClient, signal: AbortSignal): Promise<void> {
  for (let waitMs = 5; ; waitMs = Math.min(waitMs * 1.5, 100)) {
    try {
      await client.json(Ready, { path: daemonPath.ready }, signal);
      return;
    } catch (error) {
      if (!isAppError(error, "cave_unreachable")) throw error;
    }
    await pause(waitMs, undefined, { signal });
  }
}
