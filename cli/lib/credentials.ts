import { readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { exitCodes, Failure, reasonOf } from "./failure.ts";

export interface Credentials {
  readonly url: string;
  readonly token: string | undefined;
  /** What is not as it should be about the file. */
  readonly warning?: string;
}

export const defaultUrl = "http://localhost:8000";

export const homeOf = (env: NodeJS.ProcessEnv): string => env["GHOST_HOME"] || join(homedir(), ".ghost");

/** `GHOST_URL` and `GHOST_TOKEN`, else what `npm run up` wrote to GHOST_HOME/cli.json. */
export function readCredentials(env: NodeJS.ProcessEnv): Credentials {
  const [givenUrl, givenToken] = [env["GHOST_URL"], env["GHOST_TOKEN"]];
  if (givenUrl && givenToken) return { url: checked(givenUrl, "GHOST_URL"), token: givenToken };
  const path = join(homeOf(env), "cli.json");
  const file = readCliFile(path);
  const url = checked(givenUrl || file?.url || defaultUrl, givenUrl ? "GHOST_URL" : path);
  // A token is for the gateway that made it: another address given by hand must not be sent it.
  const ours = !givenUrl || new URL(url).origin === new URL(file?.url ?? defaultUrl).origin;
  const token = givenToken || (ours ? file?.token : undefined);
  const warning =
    file?.open === true && token === file.token
      ? `Others on this machine can read ${path}, which holds your token: chmod 600 '${path}'`
      : undefined;
  return { url, token, ...(warning !== undefined && { warning }) };
}

interface CliFile {
  url?: string;
  token?: string;
  open: boolean;
}

function readCliFile(path: string): CliFile | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Failure(`${path} cannot be read: ${reasonOf(error)}`, { code: "credentials" });
  }
  const open = (statSync(path).mode & 0o077) !== 0;
  try {
    const { url, token } = JSON.parse(text) as Record<string, unknown>;
    return { ...(typeof url === "string" && { url }), ...(typeof token === "string" && { token }), open };
  } catch {
    throw new Failure(`${path} is not JSON.`, {
      code: "credentials",
      hint: "`npm run up` writes it anew once it is removed.",
    });
  }
}

function checked(text: string, where: string): string {
  const url = URL.parse(text);
  if (!url || !["http:", "https:"].includes(url.protocol))
    throw new Failure(`${where} has no usable address: ${text}`, {
      code: "usage",
      exitCode: exitCodes.usage,
      hint: "Write it like http://localhost:8000.",
    });
  return text.replace(/\/+$/, "");
}
