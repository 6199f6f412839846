import { execFile } from "node:child_process";
import { createReadStream } from "node:fs";
import { chmod, copyFile, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import Docker from "dockerode";
import { pack } from "tar-stream";
import { importImage } from "../import-image.ts";

const run = promisify(execFile);

/** Images of a few files each, so that a fresh engine without a registry has them within a second. */
export const testImages = {
  /** busybox and nothing else: as small as a foreign image gets. */
  plain: "ghost-test/plain:1",
  /** Says that it has the daemon, and prints two lines instead. */
  talks: "ghost-test/talks:1",
  /** Has no program at all. */
  exits: "ghost-test/exits:1",
  /** Our own, for its socat. */
  alone: "ghost/cave:base",
} as const;

const talk = "trap 'exit 0' TERM; echo to stdout; echo to stderr >&2; tail -f /dev/null & wait";

/** Makes sure that the engine has them. */
export async function ensureTestImages(docker = new Docker()): Promise<typeof testImages> {
  const made = [testImages.plain, testImages.talks, testImages.exits];
  const missing = await Promise.all(
    made.map((ref) =>
      docker
        .getImage(ref)
        .inspect()
        .then(
          () => false,
          () => true,
        ),
    ),
  );
  if (!missing.includes(true)) return testImages;
  const folder = await mkdtemp(join(tmpdir(), "ghost-images-"));
  try {
    const root = await busyboxRoot(folder);
    const load = (ref: string, tar: Readable, changes: string[] = []) =>
      importImage(docker, ref, tar, changes, AbortSignal.timeout(60_000));
    const tar = await tarOf(root);
    await load(testImages.plain, createReadStream(tar));
    const entrypoint = `ENTRYPOINT ${JSON.stringify(["sh", "-c", talk])}`;
    await load(testImages.talks, createReadStream(tar), ["LABEL ghost.daemon=1", entrypoint]);
    const empty = pack();
    empty.entry({ name: "empty" }, "");
    empty.finalize();
    await load(testImages.exits, Readable.from(empty));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return testImages;
}

async function busyboxRoot(folder: string): Promise<string> {
  const root = join(folder, "root");
  for (const path of ["bin", "etc", "tmp", "workspace", "home/ghost"])
    await mkdir(join(root, path), { recursive: true });
  await chmod(join(root, "tmp"), 0o1777);
  await copyFile(await busybox(folder), join(root, "bin/busybox"));
  await chmod(join(root, "bin/busybox"), 0o755);
  const { stdout } = await run(join(root, "bin/busybox"), ["--list"]);
  for (const name of stdout.split("\n").filter((each) => each !== "" && each !== "busybox"))
    await symlink("busybox", join(root, "bin", name));
  await writeFile(
    join(root, "etc/passwd"),
    "root:x:0:0::/:/bin/sh\nghost:x:1000:1000::/home/ghost:/bin/sh\n",
  );
  return root;
}

/** The machine's own if it needs no libraries, or Debian's package of it. */
async function busybox(folder: string): Promise<string> {
  for (const path of ["/bin/busybox", "/usr/bin/busybox"]) {
    const known = await stat(path).catch(() => undefined);
    if (
      known &&
      !(await run("ldd", [path]).then(
        () => true,
        () => false,
      ))
    )
      return path;
  }
  await run("apt-get", ["download", "-q", "busybox-static"], { cwd: folder });
  const file = (await readdir(folder)).find((name) => name.endsWith(".deb"));
  if (file === undefined) throw new Error("apt-get downloaded no busybox-static.");
  await run("dpkg-deb", ["-x", join(folder, file), join(folder, "package")]);
  for (const path of ["bin/busybox", "usr/bin/busybox"]) {
    if (await stat(join(folder, "package", path)).catch(() => undefined))
      return join(folder, "package", path);
  }
  throw new Error("busybox-static has no busybox.");
}

/** Only the cave's folders belong to its user. */
async function tarOf(root: string): Promise<string> {
  const file = join(root, "../root.tar");
  const tar = (flag: string, owner: number, ...paths: string[]) =>
    run("tar", [`--owner=${owner}`, `--group=${owner}`, "--numeric-owner", "-C", root, flag, file, ...paths]);
  await tar("-cf", 0, "bin", "etc", "tmp");
  await tar("-rf", 1000, "workspace", "home/ghost");
  return file;
}
