import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { aptInstall, asRoot } from "./as-root.ts";
import { Failure } from "./failure.ts";
import type { Setup } from "./setup.ts";

/** Programs that the tests put before the gateway, and Debian's packages of them. */
const programs = { nginx: "nginx-light", caddy: "caddy" };

/** The reverse proxies whose documented configurations are tested: the machine's, or Debian's, which are installed and not started. */
export async function ensureProxies(setup: Setup): Promise<void> {
  const folders = (setup.env["PATH"] ?? "").split(delimiter);
  const missing = Object.entries(programs).filter(
    ([program]) => !folders.some((folder) => existsSync(join(folder, program))),
  );
  if (missing.length === 0) return;
  const names = missing.map(([program]) => program).join(" ");
  if (!existsSync("/usr/bin/apt-get"))
    throw new Failure(`There is no ${names} to test behind.`, "Install it, and have it on your PATH.");
  await asRoot(setup, `${names} must be installed to test behind it.`, [
    aptInstall(missing.map(([, name]) => name).join(" ")),
    // A machine that only runs tests needs no web server of its own.
    `systemctl disable --now ${names} 2>/dev/null || true`,
  ]);
}
