import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Version } from "#contract/system.ts";

const root = join(import.meta.dirname, "../..");
let known: Omit<Version, "apps"> | undefined;

/** Which Ghost this is; the commit is `unknown` outside a checkout. */
export function version(): Omit<Version, "apps"> {
  if (known === undefined) {
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
    known = { version, commit: commit(), api: "v1" };
  }
  return known;
}

function commit(): string {
  try {
    const git = join(root, ".git");
    const head = readFileSync(join(git, "HEAD"), "utf8").trim();
    const ref = /^ref: (.+)$/.exec(head)?.[1];
    return (ref === undefined ? head : readFileSync(join(git, ref), "utf8").trim()).slice(0, 12);
  } catch {
    return "unknown";
  }
}
