#!/usr/bin/env node
// `ghost`: runs main.ts under Node 24, on a machine that may have an older one. Plain JavaScript for Node 20 on.
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const main = join(here, "main.ts");
const isNew = Number(process.versions.node.split(".")[0]) >= 24;
if (isNew) await import(main);
else runWith(findNode());

/** The Node 24 that npm brought along. */
function findNode() {
  for (const modules of [join(here, "..", "node_modules"), join(here, "..", "..")]) {
    const own = join(modules, ".bin", "node");
    if (existsSync(own) && spawnSync(own, ["--version"]).status === 0) return own;
  }
  process.stderr.write(
    `ghost: Ghost runs on Node 24 or newer; this is Node ${process.versions.node}.\n` +
      "Run `npm install` in the checkout, which brings one, or install Node 24.\n",
  );
  process.exit(1);
}

function runWith(node) {
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: "inherit" });
  child.on("error", (error) => {
    process.stderr.write(`ghost: ${node} could not be started: ${error.message}\n`);
    process.exit(1);
  });
  // A Ctrl-C at a terminal reaches the child by itself: passing it on would make two of it.
  process.on("SIGINT", () => process.stdin.isTTY || child.kill("SIGINT"));
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 1)));
}
