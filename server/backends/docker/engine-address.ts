import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../lib/app-error.ts";

/** Where the engine listens. */
export type EngineAddress =
  | { kind: "socket"; path: string }
  | { kind: "tcp"; host: string; port: number; tls?: { ca: string; cert: string; key: string } };

export interface AddressOptions {
  /** `DOCKER_HOST`. Without it the current context of the docker CLI is used, then the default socket. */
  host?: string;
  /** `DOCKER_CERT_PATH`: folder with ca.pem, cert.pem and key.pem. */
  certPath?: string;
  /** `DOCKER_CONFIG`, usually `~/.docker`. */
  configDir?: string;
}

export const defaultSocket = "/var/run/docker.sock";

export async function engineAddress(options: AddressOptions): Promise<EngineAddress> {
  if (options.host !== undefined && options.host !== "") return parse(options.host, options.certPath);
  const context = options.configDir === undefined ? undefined : await currentContext(options.configDir);
  return context ?? { kind: "socket", path: defaultSocket };
}

async function parse(host: string, certPath?: string): Promise<EngineAddress> {
  if (host.startsWith("unix://"))
    return { kind: "socket", path: host.slice("unix://".length) || defaultSocket };
  const url = URL.parse(host.includes("://") ? host : `tcp://${host}`);
  if (url === null || !["tcp:", "http:", "https:"].includes(url.protocol)) {
    throw new AppError(
      "backend_unavailable",
      `Ghost cannot reach an engine at ${host}: use unix://, tcp:// or https://.`,
    );
  }
  const tls = certPath === undefined ? undefined : await certificates(certPath);
  const port = url.port === "" ? (tls ? 2376 : 2375) : Number(url.port);
  return { kind: "tcp", host: url.hostname, port, ...(tls && { tls }) };
}

async function certificates(folder: string): Promise<{ ca: string; cert: string; key: string }> {
  const [ca, cert, key] = await Promise.all(
    ["ca.pem", "cert.pem", "key.pem"].map((file) => readFile(join(folder, file), "utf8")),
  );
  return { ca: ca ?? "", cert: cert ?? "", key: key ?? "" };
}

/** The docker CLI keeps a context under the hash of its name. */
async function currentContext(configDir: string): Promise<EngineAddress | undefined> {
  const name = (await json(join(configDir, "config.json")))?.["currentContext"];
  if (typeof name !== "string" || name === "" || name === "default") return undefined;
  const hash = createHash("sha256").update(name).digest("hex");
  const meta = (await json(join(configDir, "contexts/meta", hash, "meta.json"))) as
    { Endpoints?: { docker?: { Host?: string } } } | undefined;
  const host = meta?.Endpoints?.docker?.Host;
  if (host === undefined) return undefined;
  const certPath = join(configDir, "contexts/tls", hash, "docker");
  const secured = await readFile(join(certPath, "cert.pem")).then(
    () => true,
    () => false,
  );
  return parse(host, secured ? certPath : undefined);
}

async function json(path: string): Promise<Record<string, unknown> | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>;
  } catch {
    return undefined; // no such file, or one that the CLI cannot read either
  }
}
