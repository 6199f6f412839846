import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "./failure.ts";
import { root, type Paths } from "./paths.ts";
import { run } from "./run.ts";

/** A package whose very bytes are known. */
export interface PinnedPackage {
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
}

/** The npm that caves have; 11 still asks for no leave to run install scripts. */
export const npmInCaves: PinnedPackage = {
  name: "npm",
  version: "11.21.2",
  integrity:
    "sha512-7HPApk+AflMUavSseL1Pm6CnYqMIHk53x+KmuhqmTDqPkjPMgxIpTPcTqsE91EKNw4gFBJV9fnXiSdGm1DXq9A==",
};

/** A package as our own lock file pins it. */
export function pinnedByLock(name: string): PinnedPackage {
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    packages: Record<string, { version: string; integrity: string } | undefined>;
  };
  const entry = lock.packages[`node_modules/${name}`];
  if (!entry) throw new Error(`package-lock.json has no ${name}`);
  return { name, version: entry.version, integrity: entry.integrity };
}

/** The package's tarball, from our cache or by way of npm, so that npm's own registry settings hold. */
export async function packageTarball(
  paths: Paths,
  { name, version, integrity }: PinnedPackage,
  signal: AbortSignal,
): Promise<string> {
  const folder = join(paths.cache, "npm");
  const file = join(folder, `${name.replace("@", "").replace("/", "-")}-${version}.tgz`);
  if (existsSync(file) && integrityOf(file) === integrity) return file;
  mkdirSync(folder, { recursive: true });
  const temporary = mkdtempSync(join(folder, "pack-"));
  try {
    const { code, tail } = await run(
      "npm",
      ["pack", "--silent", "--pack-destination", temporary, `${name}@${version}`],
      { cwd: temporary, signal },
    );
    const packed = join(temporary, file.slice(folder.length + 1));
    if (code !== 0 || integrityOf(packed) !== integrity)
      throw new Failure(
        `npm did not deliver ${name}@${version}.\n${tail.slice(-5).join("\n")}`,
        "Check the network and `npm config get registry`, then run the command again.",
      );
    renameSync(packed, file);
    return file;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function integrityOf(file: string): string {
  return `sha512-${createHash("sha512").update(readFileSync(file)).digest("base64")}`;
}
