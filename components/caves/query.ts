import { CaveStates } from "./states.ts";
import type { Cave } from "#contract/cave.ts";

/** Words one may filter by, and what each of them means. */
export const filterKeys = {
  state: "running, stopped, paused, failed, creating",
  image: "part of the image's name",
  owner: "a user's name, or me",
  backend: "docker, …",
  port: "a port that something listens on",
  name: "part of the name",
  id: "part of the id",
} as const;
type Key = keyof typeof filterKeys;

interface Term {
  readonly key: Key | "any";
  /** One of them is enough. */
  readonly values: readonly string[];
  readonly not: boolean;
}

export interface Query {
  readonly terms: readonly Term[];
  /** What cannot be understood, in words. */
  readonly problem?: string;
}

/** `state:running,paused image:full -owner:me "free text"`: every term must hold, `-` turns one round, a comma gives a choice. */
export function parseQuery(text: string): Query {
  const terms: Term[] = [];
  let problem: string | undefined;
  for (const [, minus, key, quoted, plain] of text.matchAll(/(-?)(?:([a-z]+):)?(?:"([^"]*)"?|(\S+))/gi)) {
    const value = (quoted ?? plain ?? "").toLowerCase();
    const values = quoted === undefined ? value.split(",").filter(Boolean) : [value];
    const name = key?.toLowerCase() ?? "any";
    if (!isKey(name)) {
      problem ??= `There is no filter “${name}”. There are ${Object.keys(filterKeys).join(", ")}.`;
      continue;
    }
    const wrong =
      name === "state" ? values.find((one) => !CaveStates.some((state) => state.startsWith(one))) : undefined;
    if (wrong !== undefined) problem ??= `There is no state “${wrong}”. There are ${CaveStates.join(", ")}.`;
    if (values.length > 0) terms.push({ key: name, values, not: minus === "-" });
  }
  return { terms, ...(problem !== undefined && { problem }) };
}

const isKey = (name: string): name is Key | "any" => name === "any" || name in filterKeys;

export const matches = (cave: Cave, { terms }: Query, me: string | undefined): boolean =>
  terms.every(({ key, values, not }) => values.some((value) => has(cave, key, value, me)) !== not);

function has(cave: Cave, key: Term["key"], value: string, me: string | undefined): boolean {
  switch (key) {
    case "state":
      return cave.state.startsWith(value);
    case "image":
      return cave.image.toLowerCase().includes(value);
    case "owner":
      return cave.owner.toLowerCase() === (value === "me" ? me : value);
    case "backend":
      return cave.backend.toLowerCase() === value;
    case "port":
      return cave.ports.some(({ port }) => String(port) === value);
    case "name":
      return cave.name.includes(value);
    case "id":
      return cave.id.includes(value);
    case "any":
      // An id only whole: every id begins alike, so a part of one is found by chance.
      return (
        cave.id === value ||
        [cave.name, cave.image, cave.owner].some((text) => text.toLowerCase().includes(value))
      );
  }
}

/** The text with `key:value` switched: what the filter menu does. */
export function toggleTerm(text: string, key: Key, value: string): string {
  const term = `${key}:${value}`;
  const parts = text.split(/\s+/).filter(Boolean);
  const left = parts.filter((part) => part !== term);
  return (
    left.length === parts.length ? [...parts.filter((part) => !part.startsWith(`${key}:`)), term] : left
  ).join(" ");
}
