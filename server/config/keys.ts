import { createHash, hkdfSync, randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from "node:fs";
import { Redacted } from "../lib/redacted.ts";
import type { Config } from "./config.ts";

/** One key that wraps users' data keys; `id` names it in the rows that it wrapped. */
export interface WrappingKey {
  readonly id: string;
  readonly key: Buffer;
}

/** Keys derived from the master key, each for one purpose. */
export interface Keys {
  /** The first wraps; the others only unwrap what an earlier master key had wrapped. */
  readonly secrets: Redacted<readonly [WrappingKey, ...WrappingKey[]]>;
  readonly audit: Redacted<Buffer>;
  /** Seals what lets browsers into surfaces; a rotation ends all of it. */
  readonly surfaces: Redacted<Buffer>;
  /** From it come the tokens of caves' daemons. */
  readonly daemon: Redacted<Buffer>;
}

const size = 32;

/**
 * The master key is 32 random bytes as base64, one per line, the newest first. Made on the first start, with a mode that nobody else can
 * read. What must survive a rotation (the audit chain, tokens of running daemons) comes from the oldest.
 */
export function loadKeys(config: Pick<Config, "masterKey" | "paths">): Keys {
  const masters =
    config.masterKey.from === "env"
      ? parse(config.masterKey.value.reveal(), "GHOST_MASTER_KEY")
      : parse(readKeyFile(config.paths.masterKey), config.paths.masterKey);
  const [newest, ...older] = masters;
  const oldest = older.at(-1) ?? newest;
  return {
    secrets: new Redacted([wrapping(newest), ...older.map(wrapping)] as const),
    audit: new Redacted(derive(oldest, "ghost/audit/v1")),
    surfaces: new Redacted(derive(newest, "ghost/surfaces/v1")),
    daemon: new Redacted(derive(oldest, "ghost/daemon/v1")),
  };
}

function readKeyFile(path: string): string {
  try {
    const { mode } = statSync(path);
    if ((mode & 0o077) !== 0) {
      throw new Error(`${path} can be read by others. Run: chmod 600 ${path}`);
    }
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const text = `${randomBytes(size).toString("base64")}\n`;
  const file = openSync(path, "wx", 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file); // what it encrypts may be durable a moment later
  } finally {
    closeSync(file);
  }
  return text;
}

function parse(text: string, where: string): [Buffer, ...Buffer[]] {
  const keys = text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((line) => {
      const key = Buffer.from(line, "base64");
      if (key.length !== size || key.toString("base64") !== line) {
        throw new Error(
          `${where} must hold ${size} random bytes as base64. Make some with: openssl rand -base64 ${size}`,
        );
      }
      if (new Set(key).size < 12)
        throw new Error(`${where} does not look random. Make a key with: openssl rand -base64 ${size}`);
      return key;
    });
  const [first, ...rest] = keys;
  if (first === undefined)
    throw new Error(
      `${where} is empty; restore it from a backup, or remove it if nothing was encrypted yet.`,
    );
  return [first, ...rest];
}

function wrapping(master: Buffer): WrappingKey {
  const key = derive(master, "ghost/secrets/v1");
  return { id: createHash("sha256").update(key).digest("hex").slice(0, 16), key };
}

function derive(master: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", master, Buffer.alloc(0), purpose, size));
}
