import { lookup } from "node:dns/promises";
import { readFileSync, statfsSync, statSync } from "node:fs";
import { cpus, freemem, release, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { homeOf } from "../credentials.ts";
import { showBytes } from "../units.ts";
import { fail, ok, warn, type Finding } from "./finding.ts";

const gigabyte = 2 ** 30;

/** What this machine is like. */
export async function checkMachine(env: NodeJS.ProcessEnv): Promise<Finding[]> {
  const home = homeOf(env);
  return [
    checkNode(process.versions.node),
    ...checkHome(home),
    checkDisk(home),
    checkSize(),
    checkKernel(),
    await checkNames(),
  ];
}

export function checkNode(version: string): Finding {
  const major = Number(version.split(".")[0]);
  return major >= 24
    ? ok("node", `Node ${version}.`)
    : fail(
        "node",
        `Node ${version} is too old.`,
        "Run `npm install` in the checkout, or install Node 24 or newer.",
      );
}

export function checkHome(home: string): Finding[] {
  const folder = statOf(home);
  if (!folder)
    return [
      warn(
        "home",
        `${home} does not exist yet.`,
        "`npm run up` makes it; a CLI on another machine does with GHOST_URL and GHOST_TOKEN.",
      ),
    ];
  const open = ["", "master.key", "cli.json", "ghost.db"]
    .map((name) => join(home, name))
    .filter((path) => ((statOf(path)?.mode ?? 0) & 0o077) !== 0);
  const secretOpen = open.filter((path) => /master\.key|cli\.json/.test(path));
  if (secretOpen.length > 0)
    return [
      fail(
        "home",
        `Others can read ${secretOpen.join(" and ")}.`,
        `chmod 600 ${secretOpen.map((path) => `'${path}'`).join(" ")}`,
      ),
    ];
  if (open.length > 0)
    return [warn("home", `Others can read ${open.join(" and ")}.`, `chmod -R go= '${home}'`)];
  return [ok("home", `${home} is yours alone.`)];
}

export function checkDisk(path: string, free = freeBytes(path)): Finding {
  if (free === undefined)
    return warn("disk", `The free space at ${path} could not be read.`, "Check that its disk is mounted.");
  const says = `${showBytes(free)} free at ${path}.`;
  if (free < gigabyte)
    return fail("disk", says, "Free some space: the store cannot be written when the disk is full.");
  return free < 10 * gigabyte
    ? warn("disk", says, "The full cave image takes about 4 GB, every cave its own share.")
    : ok("disk", says);
}

function checkSize(): Finding {
  const says = `${cpus().length} CPUs, ${showBytes(totalmem())} memory, ${showBytes(freemem())} of it unused.`;
  return totalmem() < 2 * gigabyte
    ? warn("machine", says, "Give caves less memory: ghost create --memory 512m.")
    : ok("machine", says);
}

/** Starting a container waits for the kernel's read-copy-update grace periods several times. */
function checkKernel(): Finding {
  if (process.platform !== "linux") return ok("kernel", `${process.platform} ${release()}.`);
  const expedited = read("/sys/kernel/rcu_expedited")?.trim();
  const hint =
    expedited === "0" ? " Caves start 10 to 20 % faster after `echo 1 > /sys/kernel/rcu_expedited`." : "";
  return ok("kernel", `Linux ${release()}.${hint}`);
}

async function checkNames(): Promise<Finding> {
  const name = "ghost-doctor.localhost";
  const todo =
    "Chromium, Firefox and curl reach *.localhost anyway. For other programs install libnss-myhostname, or set up a resolver that answers 127.0.0.1.";
  try {
    const { address } = await lookup(name);
    return /^127\.|^::1$/.test(address)
      ? ok("names", "*.localhost leads to this machine.")
      : fail(
          "names",
          `${name} leads to ${address}, not to this machine.`,
          "Remove the search domain or the resolver entry that says so.",
        );
  } catch {
    return warn("names", "This system's resolver does not know *.localhost.", todo);
  }
}

function freeBytes(path: string): number | undefined {
  for (let at = path; ; at = dirname(at)) {
    try {
      const { bavail, bsize } = statfsSync(at);
      return bavail * bsize;
    } catch {
      if (at === dirname(at)) return undefined;
    }
  }
}

function statOf(path: string) {
  return statSync(path, { throwIfNoEntry: false });
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
