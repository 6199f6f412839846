import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";

let folder: string;
let bootstrap: string;
let env: NodeJS.ProcessEnv;

// A clone of its own, with an npm that only notes that it was called.
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ghost-clone-"));
  bootstrap = join(folder, "scripts/bootstrap.mjs");
  for (const name of ["scripts", "bin"]) mkdirSync(join(folder, name));
  copyFileSync(fileURLToPath(new URL("bootstrap.mjs", import.meta.url)), bootstrap);
  writeFileSync(join(folder, "package-lock.json"), "{}");
  npm('mkdir -p node_modules; echo "$@" >> calls');
  env = { ...process.env, PATH: `${join(folder, "bin")}:${process.env["PATH"]}` };
});
afterEach(() => rmSync(folder, { recursive: true }));

function npm(script: string): void {
  writeFileSync(join(folder, "bin/npm"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

function start(script: string, ...args: string[]) {
  writeFileSync(join(folder, "scripts/script.ts"), script);
  return spawnSync(process.execPath, [bootstrap, "scripts/script.ts", ...args], { env, encoding: "utf8" });
}

const calls = (): string[] => readFileSync(join(folder, "calls"), "utf8").trimEnd().split("\n");

it("installs the dependencies once for each lock file", () => {
  expect(start("console.log('ran')").stdout).toBe("ran\n");
  start("");
  expect(calls()).toEqual(["ci --no-audit --no-fund"]);
  writeFileSync(join(folder, "package-lock.json"), '{"changed":true}');
  start("");
  expect(calls()).toHaveLength(2);
});

it("says what to do when the installation fails, and tries again the next time", () => {
  npm("mkdir -p node_modules; exit 1");
  const { status, stderr } = start("console.log('ran')");
  expect(status).toBe(1);
  expect(stderr).toContain("npm config get registry");
  expect(existsSync(join(folder, "node_modules/.ghost-lock"))).toBe(false);
});

it("hands over arguments, output and exit code", () => {
  const { status, stdout } = start(
    "const words: string[] = process.argv.slice(2); console.log(words.join()); process.exitCode = 42;",
    "--a",
    "b c",
  );
  expect(stdout).toBe("--a,b c\n");
  expect(status).toBe(42);
});

it("runs the script with the Node of the dependencies first on its PATH", () => {
  expect(start("console.log(process.env.PATH)").stdout).toMatch(
    new RegExp(`^${join(folder, "node_modules/.bin")}:`),
  );
});

it("passes signals on", async () => {
  const lock = createHash("sha256").update("{}").digest("hex");
  mkdirSync(join(folder, "node_modules"));
  writeFileSync(join(folder, "node_modules/.ghost-lock"), lock);
  writeFileSync(
    join(folder, "scripts/script.ts"),
    'process.on("SIGTERM", () => process.exit(7)); setInterval(() => {}, 1000); console.log("up");',
  );
  const child = spawn(process.execPath, [bootstrap, "scripts/script.ts"], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([7, null]);
});
