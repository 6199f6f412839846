import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import {
  defaultSocket,
  engineAddress,
  type EngineAddress,
} from "../../server/backends/docker/engine-address.ts";

/** An engine that answers. */
export interface Engine {
  readonly docker: Docker;
  readonly version: string;
  readonly architecture: "x64" | "arm64";
  /** The environment in which the docker CLI and the gateway find this same engine. */
  readonly env: NodeJS.ProcessEnv;
}

/** `absent`: nothing listens. `denied`: it listens, and this user may not talk to it. */
export type Refusal = {
  readonly kind: "absent" | "denied";
  readonly where: string;
  readonly reason: string;
  readonly chosen: boolean;
};
export type Attempt = { readonly kind: "found"; readonly engine: Engine } | Refusal;

/** Tries the engine that DOCKER_HOST, the CLI's context or the usual places name. */
export async function findEngine(env: NodeJS.ProcessEnv): Promise<Attempt> {
  const configDir = env["DOCKER_CONFIG"] ?? join(homedir(), ".docker");
  const { DOCKER_HOST: host, DOCKER_CERT_PATH: certPath } = env;
  const address = await engineAddress({
    configDir,
    ...(host !== undefined && { host }),
    ...(certPath !== undefined && { certPath }),
  });
  const first = await attempt(address, env);
  if (first.kind === "found") return first;
  if (Boolean(host) || address.kind === "tcp" || address.path !== defaultSocket)
    return { ...first, chosen: true };
  for (const path of otherSockets(env)) {
    const other = await attempt({ kind: "socket", path }, { ...env, DOCKER_HOST: `unix://${path}` });
    if (other.kind === "found") return other;
  }
  return first;
}

/** Where rootless engines and Docker Desktop listen. */
function otherSockets(env: NodeJS.ProcessEnv): string[] {
  const runtime = env["XDG_RUNTIME_DIR"];
  const paths = [join(homedir(), ".docker/run/docker.sock"), join(homedir(), ".docker/desktop/docker.sock")];
  return (runtime === undefined ? paths : [join(runtime, "docker.sock"), ...paths]).filter((path) =>
    existsSync(path),
  );
}

async function attempt(address: EngineAddress, env: NodeJS.ProcessEnv): Promise<Attempt> {
  const docker = new Docker(
    address.kind === "socket"
      ? { socketPath: address.path }
      : { host: address.host, port: address.port, protocol: address.tls ? "https" : "http", ...address.tls },
  );
  const where = address.kind === "socket" ? address.path : `${address.host}:${address.port}`;
  try {
    const { Version: version, Arch: arch } = await within(10_000, docker.version());
    const engineEnv = address.kind === "socket" ? { ...env, DOCKER_HOST: `unix://${address.path}` } : env;
    return {
      kind: "found",
      engine: { docker, version, architecture: arch === "arm64" ? "arm64" : "x64", env: engineEnv },
    };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { kind: code === "EACCES" ? "denied" : "absent", where, reason: message, chosen: false };
  }
}

async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${ms / 1000} s`)), ms);
  return Promise.race([promise, late.promise]).finally(() => clearTimeout(timer));
}
