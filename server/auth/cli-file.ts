import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { z } from "zod";
import type { Context } from "../context.ts";
import { isAppError } from "../lib/app-error.ts";
import { authenticate } from "./authenticate.ts";
import { hashOf } from "./credentials.ts";
import { mintToken } from "./tokens.ts";

const CliFile = z.strictObject({ url: z.string(), token: z.string() });
const yearMs = 365 * 86_400_000;

/** Makes sure that the command line of this machine has an address and a token that works. */
export async function ensureCliFile(
  ctx: Pick<Context, "config" | "store" | "now" | "log">,
  userId: string,
): Promise<void> {
  const { config, store, now } = ctx;
  const kept = readCliFile(config.paths.cli);
  let token = kept?.token;
  if (token === undefined || !(await works(ctx, token))) {
    const made = mintToken({ name: "Command line", scopes: ["admin"], expiresInMs: yearMs }, now());
    await store.tokens.insert(userId, made.token, hashOf(made.secret));
    token = made.secret;
  }
  if (token === kept?.token && config.url === kept.url) return;
  const temporary = `${config.paths.cli}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify({ url: config.url, token })}\n`, { mode: 0o600 });
  renameSync(temporary, config.paths.cli);
}

function readCliFile(path: string): z.infer<typeof CliFile> | undefined {
  try {
    return CliFile.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return undefined; // none, or none that can be used
  }
}

async function works(ctx: Pick<Context, "store" | "now" | "log">, token: string): Promise<boolean> {
  try {
    const { scopes } = await authenticate(ctx, { authorization: `Bearer ${token}` });
    return scopes.has("admin");
  } catch (error) {
    if (isAppError(error, "unauthenticated")) return false;
    throw error;
  }
}
