import { accessSync, constants } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { noteActivity } from "../lib/activity.ts";
import { childEnvironment } from "../lib/environment.ts";
import { flagOf, sendJson, type Handler } from "../lib/exchange.ts";
import { Problem } from "../lib/problem.ts";
import { sendRing } from "../lib/send-ring.ts";
import { definitions, type ServiceDefinition } from "./definitions.ts";
import { Service } from "./service.ts";
import type { ServiceState } from "#contract/cave.ts";

type Listener = (states: Record<string, ServiceState>) => void;

const listeners = new Set<Listener>();
const services = new Map<string, Service>();
for (const [name, definition] of Object.entries(definitions)) {
  if (definition.programs.every(isInstalled)) services.set(name, new Service(name, definition, announce));
}

/** Those whose programs the image has. */
export function serviceStates(): Record<string, ServiceState> {
  return Object.fromEntries([...services].map(([name, { state }]) => [name, state]));
}

export function onServiceChange(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const listServices: Handler = ({ res }) => {
  sendJson(res, serviceStates());
};

export const startService: Handler = async ({ res, id }) => {
  const service = find(id);
  noteActivity(id);
  sendJson(res, await service.start());
};

export const stopService: Handler = async ({ res, id }) => {
  sendJson(res, await find(id).stop());
};

export const serviceLogs: Handler = async ({ res, query, id }) => {
  await sendRing(res, find(id), 0, flagOf(query, "follow"));
};

/** A connection to what the service listens on; the caller speaks its protocol from the first byte on. */
export function connectService(id: string, client: Socket, head: Buffer): void {
  const service = find(id);
  const definition = definitions[id];
  if (service.state.state !== "ready" || !definition)
    throw new Problem("surface_stopped", `The ${id} of this cave is not running.`);
  const upstream = connect(definition.socket, () => {
    client.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ghost-stream\r\n\r\n");
    upstream.write(head);
    client.pipe(upstream).pipe(client);
  });
  for (const [one, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    one.on("error", () => other.destroy());
    one.on("close", () => other.destroy());
  }
}

export const isReady = (name: string) => services.get(name)?.state.state === "ready";

function find(name: string): Service {
  const service = services.get(name);
  if (service) return service;
  const known = Object.hasOwn(definitions, name);
  throw new Problem(
    "surface_unavailable",
    known ? `This cave's image has no ${name}.` : `There is no service of that name.`,
  );
}

function isInstalled({ argv: [program = ""] }: ServiceDefinition["programs"][number]): boolean {
  return (childEnvironment()["PATH"] ?? "").split(":").some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function announce(): void {
  for (const listener of listeners) listener(serviceStates());
}
