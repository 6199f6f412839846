import { once } from "node:events";
import { createReadStream, existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { aptInstall, asRoot } from "./as-root.ts";
import type { Engine } from "./engine-client.ts";
import { Failure, reasonOf } from "./failure.ts";
import { ask, run } from "./run.ts";
import type { Setup } from "./setup.ts";

export interface BaseImage {
  readonly name: string;
  readonly id: string;
}

const suite = "trixie";
const published = `debian:${suite}-slim`;
/** Kept under a name of our own: the cave image does not change under people's feet because a registry's did. */
const kept = `ghost/debian:${suite}`;

/** The Debian that caves are built on: kept from before, pulled, or made from Debian's packages. */
export async function ensureBaseImage(setup: Setup, engine: Engine): Promise<BaseImage> {
  const given = setup.env["GHOST_BASE_IMAGE"];
  const present = await inspect(engine, given ?? kept);
  if (present) return present;
  if (given !== undefined)
    throw new Failure(
      `The engine has no image ${given}.`,
      "GHOST_BASE_IMAGE names it: pull or load it, or unset GHOST_BASE_IMAGE.",
    );
  const pulled = await pull(setup, engine);
  if (pulled !== undefined) {
    setup.terminal.line(`No registry gave ${published} (${pulled}): making it from Debian's packages.`);
    await bootstrap(setup, engine);
  }
  const made = await inspect(engine, kept);
  if (!made)
    throw new Failure(
      `${kept} is not there after it was made.`,
      "Look at the engine's log and run the command again.",
    );
  setup.terminal.done(`Base image ${kept}`);
  return made;
}

async function inspect({ docker }: Engine, name: string): Promise<BaseImage | undefined> {
  try {
    return { name, id: (await docker.getImage(name).inspect()).Id };
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return undefined;
    throw error;
  }
}

/** Pulls and keeps the image; answers why it could not. */
async function pull({ terminal, signal }: Setup, { docker }: Engine): Promise<string | undefined> {
  terminal.live(`Pulling ${published}`);
  // An engine without a way out may try for minutes; one with it shows a first sign within seconds.
  const silence = new AbortController();
  const stop = AbortSignal.any([signal, silence.signal]);
  const patience = setTimeout(() => silence.abort(new Error("it did not answer within 20 s")), 20_000);
  try {
    const stream = await docker.pull(published, { abortSignal: stop });
    await new Promise<void>((resolve, reject) => {
      docker.modem.followProgress(
        stream,
        (error) => (error ? reject(error) : resolve()),
        () => patience.refresh(),
      );
    });
    await docker.getImage(published).tag({ repo: kept.split(":")[0] ?? kept, tag: suite });
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    return reasonOf(silence.signal.aborted ? silence.signal.reason : error)
      .replace(/^\(HTTP code \d+\) [^-]*- /, "")
      .trim()
      .slice(0, 160);
  } finally {
    clearTimeout(patience);
    terminal.live("");
  }
}

async function bootstrap(setup: Setup, { docker, architecture }: Engine): Promise<void> {
  const { terminal, paths, signal } = setup;
  await ensureMmdebstrap(setup);
  mkdirSync(paths.cache, { recursive: true });
  const tar = join(paths.cache, `debian-${process.pid}.tar`);
  const excluded = ["doc/*", "man/*", "info/*", "locale/*", "lintian/*"];
  const args = [
    "--variant=minbase",
    `--architectures=${architecture === "arm64" ? "arm64" : "amd64"}`,
    "--keyring=/usr/share/keyrings/debian-archive-keyring.gpg",
    '--aptopt=Acquire::Languages "none"',
    "--dpkgopt=force-unsafe-io",
    ...excluded.map((path) => `--dpkgopt=path-exclude=/usr/share/${path}`),
    "--dpkgopt=path-include=/usr/share/doc/*/copyright",
    suite,
    tar,
  ];
  try {
    const { code, tail } = await run("mmdebstrap", args, {
      signal,
      ownGroup: true,
      onLine: (line) => terminal.live(terminal.dim(line)),
    });
    if (code !== 0)
      throw new Failure(
        `mmdebstrap failed (exit ${code}).\n${tail.slice(-6).join("\n")}`,
        `It needs Debian's package servers. With another way to a Debian 13 image, load it and set GHOST_BASE_IMAGE to its name.`,
      );
    terminal.live("Importing the base image");
    await importTar(docker, tar, signal);
  } finally {
    terminal.live("");
    rmSync(tar, { force: true });
  }
}

async function importTar(docker: Engine["docker"], tar: string, signal: AbortSignal): Promise<void> {
  const file = createReadStream(tar);
  await once(file, "open");
  const [repo, tag] = kept.split(":");
  const answer = await docker.importImage(file, { repo, tag, changes: 'CMD ["bash"]', abortSignal: signal });
  await new Promise<void>((resolve, reject) =>
    docker.modem.followProgress(answer, (error) => (error ? reject(error) : resolve())),
  );
}

async function ensureMmdebstrap(setup: Setup): Promise<void> {
  if ((await ask("mmdebstrap", ["--version"])) !== undefined) return;
  if (!existsSync("/usr/bin/apt-get"))
    throw new Failure(
      `There is no ${published}, and no mmdebstrap to make one with.`,
      "Let the engine reach a registry, or load a Debian 13 image and set GHOST_BASE_IMAGE to its name.",
    );
  await asRoot(setup, "mmdebstrap must be installed to make the base image.", [
    aptInstall("mmdebstrap debian-archive-keyring"),
  ]);
}
