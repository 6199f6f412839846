import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "./failure.ts";
import { takeLock } from "./lock.ts";
import { root } from "./paths.ts";
import { run } from "./run.ts";
import type { Setup } from "./setup.ts";
import { writeSiteManifest } from "./site-manifest.ts";
import { elapsed } from "./terminal.ts";

/** What the dashboard's files are made from; nothing else may change them. */
const inputs = [
  "app",
  "components",
  "contract",
  "public",
  "next.config.mjs",
  "postcss.config.mjs",
  "package-lock.json",
  "scripts/lib/endpoint-table.mjs",
  "viewers",
  "scripts/lib/site-manifest.ts",
];

const out = join(root, "out");

/** Makes the dashboard's files in `out/`, unless they are there and made from the present sources. */
export async function ensureDashboard({ terminal, signal, env }: Setup): Promise<void> {
  using _lock = await takeLock(join(root, "node_modules", ".ghost-dashboard.pid"), {
    signal,
    onWait: ({ pid }) => terminal.line(`The dashboard is being built (process ${pid}): waiting for it.`),
  });
  const source = sourceHash();
  if (builtFrom() === source) return;
  const started = Date.now();
  terminal.live("Building the dashboard");
  rmSync(join(out, "site.json"), { force: true });
  const { code, tail } = await run(join(root, "node_modules/.bin/next"), ["build"], {
    cwd: root,
    env: {
      ...env,
      NEXT_TELEMETRY_DISABLED: "1",
      NEXT_IGNORE_INCORRECT_LOCKFILE: "1",
      NODE_ENV: "production",
    },
    signal,
    ownGroup: true,
    onLine: (line) => terminal.live(`Building the dashboard: ${line.trim()}`),
  });
  signal.throwIfAborted();
  if (code !== 0)
    throw new Failure(
      `The dashboard could not be built.\n${tail.join("\n")}`,
      "Run `npm run build` again; if dependencies are missing, `npm ci` first.",
    );
  await writeSiteManifest(out, source);
  terminal.done(`Dashboard built in ${elapsed(Date.now() - started)}`);
}

function builtFrom(): string | undefined {
  try {
    return (JSON.parse(readFileSync(join(out, "site.json"), "utf8")) as { source?: string }).source;
  } catch {
    return undefined;
  }
}

function sourceHash(): string {
  const hash = createHash("sha256");
  for (const input of inputs)
    for (const file of filesOf(join(root, input)))
      hash.update(file.slice(root.length)).update(readFileSync(file));
  return hash.digest("hex");
}

/** In an order that is the same everywhere; tests are no part of what is built. */
function filesOf(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$|\.md$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
