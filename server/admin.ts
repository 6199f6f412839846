import { randomBytes } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { verifyAudit } from "./audit/audit-log.ts";
import { ensureCliFile } from "./auth/cli-file.ts";
import { issueSignInUrl } from "./auth/sign-in.ts";
import { ensureFirstUser } from "./auth/users.ts";
import { parseConfig, type Config } from "./config/config.ts";
import { readEnv } from "./config/env.ts";
import { lockHome, prepareHome } from "./config/home.ts";
import { loadKeys } from "./config/keys.ts";
import { createLog } from "./lib/log.ts";
import { openVault } from "./secrets/vault.ts";
import { openStore } from "./store/open-store.ts";
import type { Store } from "./store/store.ts";

/** What whoever owns the machine may do without a token, also while the gateway runs. */
const commands: Record<string, { what: string; run(config: Config, store: Store): Promise<string> }> = {
  "sign-in-url": { what: "print a link that signs in as admin, once, within an hour", run: signInUrl },
  "verify-audit": { what: "check that nobody has changed the audit log", run: checkAudit },
  "rotate-key": {
    what: "make a new master key and wrap all secrets with it (with the gateway stopped)",
    run: rotateKey,
  },
};

const now = () => new Date();

async function signInUrl(config: Config, store: Store): Promise<string> {
  const user = await ensureFirstUser({ store, now });
  await ensureCliFile({ config, store, now, log: createLog({ log: { level: "silent" } }) }, user.id);
  return issueSignInUrl({ config, store, now }, user.id);
}

async function checkAudit(config: Config, store: Store): Promise<string> {
  const { entries, brokenAt } = await verifyAudit(store, loadKeys(config));
  if (brokenAt === undefined) return `The audit log is whole: ${entries} entries.`;
  throw new Error(`The audit log was changed: entry ${brokenAt} does not follow from those before it.`);
}

/** The old key stays in the file, behind the new one: the audit log and the daemons of running caves depend on the oldest. */
async function rotateKey(config: Config, store: Store): Promise<string> {
  if (config.masterKey.from === "env")
    throw new Error(
      "Put a new key in front of the others in GHOST_MASTER_KEY, and run this again without it.",
    );
  using _lock = lockHome(config);
  const path = config.paths.masterKey;
  loadKeys(config); // there is one, and it can be used
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, `${randomBytes(32).toString("base64")}\n${readFileSync(path, "utf8")}`, {
    mode: 0o600,
    flush: true,
  });
  renameSync(temporary, path);
  const vault = await openVault({ store, keys: loadKeys(config), now });
  return `There is a new master key, and ${await vault.rewrap()} users' keys are wrapped with it. Keep a copy of ${path}.`;
}

process.umask(0o077);
try {
  const [name = "", ...rest] = process.argv.slice(2);
  const command = rest.length === 0 && Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    const lines = Object.entries(commands).map(([one, { what }]) => `  ${one.padEnd(14)}${what}`);
    throw new Error(`Usage: node server/admin.ts <command>\n${lines.join("\n")}`);
  }
  const config = parseConfig(readEnv().values);
  prepareHome(config.home);
  await using store = await openStore({ path: config.paths.database });
  process.stdout.write(`${await command.run(config, store)}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
