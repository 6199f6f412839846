// Runs a TypeScript file of this project under Node 24, on a machine that may have an older Node and no node_modules.
// Plain JavaScript for Node 20 on: nothing here may need a dependency.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");
const stamp = join(modules, ".ghost-lock");

function fail(message) {
  process.stderr.write(`\n${message}\n`);
  process.exit(1);
}

function installDependencies() {
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  process.stderr.write(
    existsSync(modules) ? "Dependencies changed: npm ci\n" : "Installing dependencies: npm ci\n",
  );
  rmSync(stamp, { force: true });
  const { error, status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], {
    cwd: root,
    // stdout belongs to the program that runs afterwards; npm's progress goes to stderr.
    stdio: ["ignore", 2, 2],
  });
  if (error) fail(`npm could not be started (${error.message}). Install npm beside Node and try again.`);
  if (status !== 0)
    fail(
      "npm ci failed; the reason stands above. If the registry was not reached, check the network, `npm config get registry`,\n" +
        "and, behind a proxy with its own certificate, that NODE_EXTRA_CA_CERTS names that certificate. Then run the command again.",
    );
  linkNode();
  writeFileSync(stamp, lock);
}

/** npm 9 loses this link where it skips the same program for another processor. */
function linkNode() {
  const program = join("..", `node-${process.platform}-${process.arch}`, "bin/node");
  const link = join(modules, ".bin", "node");
  if (existsSync(join(modules, ".bin", program)) && !existsSync(link)) symlinkSync(program, link);
}

/** Node 24: the one npm brought, or the running one if it is new enough. */
function findNode() {
  const own = join(modules, ".bin", "node");
  if (existsSync(own) && spawnSync(own, ["--version"]).status === 0) return own;
  if (Number(process.versions.node.split(".")[0]) >= 24) return process.execPath;
  return fail(
    `Ghost runs on Node 24 or newer. This is Node ${process.versions.node}, and npm has no Node 24 for ${process.platform}-${process.arch}.\n` +
      "Install Node 24 (for instance with nvm, fnm or your package manager) and run the command again.",
  );
}

if (Number(process.versions.node.split(".")[0]) < 20)
  fail(`Ghost needs Node 20 or newer to start; this is Node ${process.versions.node}.`);
const [script, ...args] = process.argv.slice(2);
if (!script) fail("Usage: node scripts/bootstrap.mjs <script.ts> [arguments]");

installDependencies();
const child = spawn(findNode(), [resolve(root, script), ...args], {
  stdio: "inherit",
  env: {
    // This Node, unlike a distribution's, trusts what the system trusts only when it is told to.
    NODE_USE_SYSTEM_CA: "1",
    ...process.env,
    PATH: `${join(modules, ".bin")}:${process.env.PATH ?? ""}`,
  },
});
child.on("error", (error) => fail(`${script} could not be started: ${error.message}`));
// A Ctrl-C at a terminal reaches the child by itself: passing it on would make two of it.
process.on("SIGINT", () => process.stdin.isTTY || child.kill("SIGINT"));
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 1)));
