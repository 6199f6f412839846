import { randomBytes } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { verifyAudit } from "./audit/audit-log.ts";
import { ensureCliFile } from "./auth/cli-file.ts";
import { issueSignInUrl } from "./auth/sign-in.ts";
import { ensureFirstUser } from "./auth/users.ts";
import { openBackends } from "./backends/open-backends.ts";
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
  uninstall: {
    what: "delete every cave and all else that this installation has in its engines (with the gateway stopped)",
    run: uninstall,
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

/** The engines only: the store and the keys go with their folder. */
async function uninstall(config: Config, store: Store): Promise<string> {
  using _lock = lockHome(config);
  const signal = AbortSignal.timeout(600_000);
  const log = createLog({ log: { level: "silent" } });
  const instance = await store.settings.instanceId();
  await using backends = await openBackends({ names: config.backends, instance, docker: config.docker, log });
  let removed = 0;
  for (const backend of backends.all()) {
    for (const id of new Set((await backend.list(signal)).map((found) => found.id))) {
      await backend.remove(id, { keepWorkspace: false }, signal);
      removed += 1;
    }
    await backend.uninstall?.(signal);
  }
  return `Removed ${removed} caves. What is left of this installation is in ${config.home}.`;
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
