import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { Readable } from "node:stream";
import { inspect } from "node:util";
import Docker from "dockerode";
import type { EngineAddress } from "./engine-address.ts";

export interface Client {
  docker: Docker;
  close(): void;
}

/** Connections are kept between calls, and closed with the backend. */
export function connect(address: EngineAddress): Client {
  const agent =
    address.kind === "tcp" && address.tls
      ? new HttpsAgent({ keepAlive: true })
      : new HttpAgent({ keepAlive: true });
  // docker-modem formats its request options for a debug line on every call, the agent with all its sockets included.
  Object.defineProperty(agent, inspect.custom, { value: () => "Agent" });
  const where =
    address.kind === "socket"
      ? { socketPath: address.path, host: undefined } // or else DOCKER_HOST in the environment would win
      : {
          host: address.host,
          port: address.port,
          protocol: address.tls ? ("https" as const) : ("http" as const),
          ...address.tls,
        };
  const options = { ...where, agent };
  return { docker: new Docker(options), close: () => agent.destroy() };
}

/** dockerode's types lack the signal in some places where the code takes it. */
export const within = (signal: AbortSignal): object => ({ abortSignal: signal });

interface Modem {
  dial(request: object, done: (error: Error | null, answer: unknown) => void): void;
}

/** An answer as a stream, where dockerode's own method would collect it first. */
export function getStream(
  docker: Docker,
  path: string,
  query: Record<string, string | number | boolean>,
  signal: AbortSignal,
): Promise<Readable> {
  const modem = docker.modem as Modem;
  const request = {
    path: `${path}?`,
    method: "GET",
    isStream: true,
    statusCodes: { 200: true },
    options: query,
    abortSignal: signal,
  };
  return new Promise((resolve, reject) => {
    modem.dial(request, (error, answer) => {
      if (error) reject(error);
      else resolve(answer as Readable);
    });
  });
}
