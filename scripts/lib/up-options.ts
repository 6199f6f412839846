import { parseArgs } from "node:util";
import { Failure } from "./failure.ts";

export interface UpOptions {
  readonly help: boolean;
  readonly port: number;
  readonly yes: boolean;
  readonly detach: boolean;
  readonly baseOnly: boolean;
}

export const upHelp = `Usage: npm run up -- [options]

Gets everything Ghost needs, starts it and prints a link to sign in with.

  --port N      listen on this port (default 8000, or GHOST_PORT)
  --yes         agree to every question, such as installing Docker
  --detach      return when Ghost is up; \`npm run down\` stops it
  --base-only   build only the small cave image: no VS Code, desktop, Jupyter
  --help        this text

Environment: GHOST_HOME (default ~/.ghost), DOCKER_HOST, GHOST_BASE_IMAGE (a Debian 13 image of your engine to build
on), WITH_JULIA=1 and WITH_CJK=1 (what else the full image gets).`;

export function upOptions(args: readonly string[], env: NodeJS.ProcessEnv): UpOptions {
  const { values } = parse(args);
  return {
    help: values.help,
    port: portOf(values.port ?? env["GHOST_PORT"] ?? "8000"),
    yes: values.yes,
    detach: values.detach,
    baseOnly: values["base-only"],
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: false,
      options: {
        help: { type: "boolean", short: "h", default: false },
        port: { type: "string", short: "p" },
        yes: { type: "boolean", short: "y", default: false },
        detach: { type: "boolean", short: "d", default: false },
        "base-only": { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new Failure((error as Error).message.split(". ")[0] ?? "", upHelp, { cause: error });
  }
}

function portOf(text: string): number {
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535)
    throw new Failure(`${text} is not a port.`, "Give a number from 1 to 65535, for instance --port 8000.");
  return port;
}
