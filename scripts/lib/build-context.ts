import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { join, relative } from "node:path";
import { buildDaemon } from "../build-daemon.ts";
import type { Engine } from "./engine-client.ts";
import { npmInCaves, packageTarball, pinnedByLock, type PinnedPackage } from "./npm-package.ts";
import { root } from "./paths.ts";
import { run } from "./run.ts";
import type { Setup } from "./setup.ts";

/** Where Debian keeps the certificates of authorities that a machine trusts beyond the usual. */
const hostCertificates = "/usr/local/share/ca-certificates";

/** A folder with all that the Dockerfile copies; gone when disposed. */
export interface BuildContext extends Disposable {
  readonly folder: string;
  /** Names the content: two contexts with the same hash build the same image. */
  readonly hash: string;
}

/** What the caves' Dockerfile copies. */
export const stageCaves = (setup: Setup, { architecture }: Engine): Promise<BuildContext> =>
  stage(setup, async (folder, put) => {
    for (const part of ["Dockerfile", "rootfs", "ca", "tools"])
      cpSync(join(root, "cave-image", part), join(folder, part), { recursive: true });
    copyCertificates(join(folder, "ca"));
    await stageDaemon(join(folder, "daemon"));
    await put(pinnedByLock(`node-linux-${architecture}`), "node.tgz");
    await put(npmInCaves, "npm.tgz");
    const pty = await packageTarball(
      setup.paths,
      pinnedByLock(`@lydell/node-pty-linux-${architecture}`),
      setup.signal,
    );
    const ptyFolder = join(folder, "daemon/node_modules/@lydell", `node-pty-linux-${architecture}`);
    mkdirSync(ptyFolder, { recursive: true });
    const { code, tail } = await run("tar", ["xzf", pty, "-C", ptyFolder, "--strip-components=1"], {
      signal: setup.signal,
    });
    if (code !== 0) throw new Error(`tar failed: ${tail.join(" ")}`);
  });

/** What the executor's Dockerfile copies. */
export const stageRuns = (setup: Setup, { architecture }: Engine): Promise<BuildContext> =>
  stage(setup, async (folder, put) => {
    cpSync(join(root, "cave-image/executor"), folder, { recursive: true });
    cpSync(join(root, "cave-image/rootfs/etc"), join(folder, "etc"), { recursive: true });
    await put(pinnedByLock(`node-linux-${architecture}`), "node.tgz");
    await put(pinnedByLock("typescript"), "typescript.tgz");
  });

type Put = (pinned: PinnedPackage, name: string) => Promise<void>;

async function stage(
  { paths, signal }: Setup,
  fill: (folder: string, put: Put) => Promise<void>,
): Promise<BuildContext> {
  mkdirSync(paths.cache, { recursive: true });
  const folder = mkdtempSync(join(paths.cache, "context-"));
  const dispose = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    mkdirSync(join(folder, "npm"));
    await fill(folder, async (pinned, name) =>
      copyFileSync(await packageTarball(paths, pinned, signal), join(folder, "npm", name)),
    );
    normaliseModes(folder);
    return { folder, hash: hashOf(folder), [Symbol.dispose]: dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

async function stageDaemon(target: string): Promise<void> {
  mkdirSync(join(target, "node_modules/@lydell"), { recursive: true });
  await buildDaemon(join(target, "caved.mjs"));
  cpSync(join(root, "node_modules/@lydell/node-pty"), join(target, "node_modules/@lydell/node-pty"), {
    recursive: true,
    filter: (source) => !source.endsWith(".d.ts"),
  });
}

function copyCertificates(target: string): void {
  if (!existsSync(hostCertificates)) return;
  for (const name of readdirSync(hostCertificates, { recursive: true, encoding: "utf8" }))
    if (name.endsWith(".crt"))
      copyFileSync(join(hostCertificates, name), join(target, name.replaceAll("/", "-")));
}

/** What a clone's umask made of the modes must not make another image. */
function normaliseModes(folder: string): void {
  for (const path of walk(folder)) chmodSync(path, statSync(path).mode & 0o100 ? 0o755 : 0o644);
}

/** A hash over names, modes and contents. */
export function hashOf(folder: string): string {
  const hash = createHash("sha256");
  for (const path of walk(folder)) {
    const { mode, size } = statSync(path);
    hash.update(`${relative(folder, path)}\0${mode & 0o100 ? "x" : "-"}\0${size}\0`);
    if (statSync(path).isFile()) hash.update(readFileSync(path));
  }
  return hash.digest("hex");
}

/** Files and folders below, in an order that does not depend on the file system. */
function walk(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .sort()
    .map((name) => join(folder, name));
}
