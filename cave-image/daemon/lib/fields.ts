import { Problem } from "./problem.ts";

/** The gateway has checked what comes in; these keep the daemon from tripping over what did not pass there. */
type Fields = Record<string, unknown>;

const wrong = (name: string, what: string) => new Problem("invalid_input", `\`${name}\` must be ${what}.`);

export function text(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  if (value === undefined) return undefined;
  if (typeof value !== "string" || value.includes("\0")) throw wrong(name, "text without NUL");
  return value;
}

export function requiredText(fields: Fields, name: string): string {
  const value = text(fields, name);
  if (value === undefined) throw wrong(name, "given");
  return value;
}

/** `null` is absent too: it is what JSON makes of Infinity. */
export function count(fields: Fields, name: string): number | undefined {
  const value = fields[name] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0)
    throw wrong(name, "a whole number");
  return value;
}

export function flag(fields: Fields, name: string): boolean {
  const value = fields[name] ?? false;
  if (typeof value !== "boolean") throw wrong(name, "true or false");
  return value;
}

export function texts(fields: Fields, name: string): string[] | undefined {
  const value = fields[name];
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || !value.every((item) => typeof item === "string" && !item.includes("\0"))) {
    throw wrong(name, "a list of texts");
  }
  return value as string[];
}

export function textMap(value: unknown, name: string): Record<string, string> {
  if (value === undefined) return {};
  const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
  if (
    !isMap ||
    !Object.entries(value).every(
      ([key, item]) => isVariable(key) && typeof item === "string" && !item.includes("\0"),
    )
  ) {
    throw wrong(name, "names with texts");
  }
  return value as Record<string, string>;
}

const isVariable = (name: string) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
