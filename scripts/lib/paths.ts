import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Everything of one installation lives below `home`. */
export interface Paths {
  readonly home: string;
  /** What can be fetched or made again. */
  readonly cache: string;
  readonly logs: string;
  readonly gatewayLog: string;
  readonly gatewayPid: string;
  readonly buildPid: string;
  /** Progress of the image builds; the gateway reads it. */
  readonly images: string;
}

export function pathsOf(env: NodeJS.ProcessEnv): Paths {
  const home = env["GHOST_HOME"] ?? join(homedir(), ".ghost");
  return {
    home,
    cache: join(home, "cache"),
    logs: join(home, "logs"),
    gatewayLog: join(home, "logs", "gateway.log"),
    gatewayPid: join(home, "gateway.pid"),
    buildPid: join(home, "build.pid"),
    images: join(home, "images.json"),
  };
}
