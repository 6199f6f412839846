import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { reasonOf, usage } from "./failure.ts";

/** For options that may be given again and again. */
export const collect = (value: string, previous: string[] | undefined): string[] => [
  ...(previous ?? []),
  value,
];

/** `K=V`; a name alone takes its value from the caller's own environment. Files come first, so that single variables win. */
export function readEnvOptions(
  given: readonly string[] = [],
  files: readonly string[] = [],
  own: NodeJS.ProcessEnv = {},
): Record<string, string> {
  const env: Record<string, string> = {};
  for (const file of files) Object.assign(env, readEnvFile(file));
  for (const one of given) {
    const equals = one.indexOf("=");
    const name = equals < 0 ? one : one.slice(0, equals);
    const value = equals < 0 ? own[name] : one.slice(equals + 1);
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw usage(`"${name}" cannot be a variable's name.`);
    if (value === undefined) throw usage(`${name} has no value here.`, `Give one: --env ${name}=…`);
    env[name] = value;
  }
  return env;
}

function readEnvFile(file: string): Record<string, string> {
  try {
    return Object.fromEntries(
      Object.entries(parseEnv(readFileSync(file, "utf8"))).map(([k, v]) => [k, v ?? ""]),
    );
  } catch (error) {
    throw usage(`The variables in ${file} cannot be read: ${reasonOf(error)}`);
  }
}

/** A moment, or how long ago it was: `2026-01-31T12:00:00Z`, `10m`. */
export function readSince(text: string, now: number, parseDuration: (text: string) => number): string {
  const at = /^\d{4}-/.test(text) ? Date.parse(text) : now - parseDuration(text);
  if (Number.isNaN(at)) throw usage(`"${text}" is not a time.`, "Write it like 10m or 2026-01-31T12:00:00Z.");
  return new Date(at).toISOString();
}

/** One word in a POSIX shell. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
