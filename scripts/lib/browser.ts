import { existsSync } from "node:fs";
import { aptInstall, asRoot } from "./as-root.ts";
import { Failure } from "./failure.ts";
import type { Setup } from "./setup.ts";

const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The Chromium that tests and measurements drive: the one `GHOST_CHROMIUM` names, the machine's, or Debian's, which is installed. */
export async function ensureBrowser(setup: Setup): Promise<string> {
  const given = setup.env["GHOST_CHROMIUM"];
  const found = given ?? places.find((path) => existsSync(path));
  if (found !== undefined) return found;
  if (!existsSync("/usr/bin/apt-get"))
    throw new Failure(
      "There is no Chromium to test in.",
      "Install Chromium or Chrome, and set GHOST_CHROMIUM to its path.",
    );
  await asRoot(setup, "Chromium must be installed to test in it.", [
    aptInstall("chromium fonts-dejavu-core"),
  ]);
  return "/usr/bin/chromium";
}
