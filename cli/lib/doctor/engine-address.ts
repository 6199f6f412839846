import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { RequestOptions } from "node:http";
import { homedir } from "node:os";
import { join } from "node:path";

export interface EngineAddress {
  readonly where: string;
  readonly request: RequestOptions & { ca?: Buffer; cert?: Buffer; key?: Buffer };
}

/** Where the engine listens: as DOCKER_HOST says, or the docker CLI's context, or where it usually does. */
export function engineAddress(env: NodeJS.ProcessEnv): EngineAddress {
  const host = env["DOCKER_HOST"] || hostOfContext(env) || "unix:///var/run/docker.sock";
  if (host.startsWith("unix://"))
    return { where: host, request: { socketPath: host.slice("unix://".length) } };
  const url = URL.parse(host.includes("://") ? host : `tcp://${host}`);
  if (!url || !/^(tcp|https?):$/.test(url.protocol))
    throw new Error(`${host} is not an address that Ghost can use.`);
  const certificates = env["DOCKER_CERT_PATH"];
  const tls = certificates !== undefined && certificates !== "";
  const port = url.port || (tls ? "2376" : "2375");
  const file = (name: string) => readFileSync(join(certificates ?? "", name));
  const keys = tls
    ? { protocol: "https:", ca: file("ca.pem"), cert: file("cert.pem"), key: file("key.pem") }
    : {};
  return { where: host, request: { host: url.hostname, port, ...keys } };
}

/** The docker CLI keeps a context under the hash of its name. */
function hostOfContext(env: NodeJS.ProcessEnv): string | undefined {
  const folder = env["DOCKER_CONFIG"] || join(homedir(), ".docker");
  try {
    const { currentContext } = readJson(join(folder, "config.json")) as { currentContext?: string };
    const name = env["DOCKER_CONTEXT"] || currentContext;
    if (name === undefined || name === "default") return undefined;
    const hash = createHash("sha256").update(name).digest("hex");
    const meta = join(folder, "contexts/meta", hash, "meta.json");
    return (readJson(meta) as { Endpoints?: { docker?: { Host?: string } } }).Endpoints?.docker?.Host;
  } catch {
    return undefined; // no docker CLI has ever been used here
  }
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, "utf8"));
