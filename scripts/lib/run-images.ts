import { createHash } from "node:crypto";
import {
  copyFileSync,
  cpSync,
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { join } from "node:path";
import type { BaseImage } from "./base-image.ts";
import { hashOf, normaliseModes, type BuildContext } from "./build-context.ts";
import { countSteps, ProgressReader } from "./build-progress.ts";
import { findBuilder } from "./builder.ts";
import type { Engine } from "./engine-client.ts";
import { Failure } from "./failure.ts";
import { adviceFor, proxies, sourceOf } from "./images.ts";
import { takeLock } from "./lock.ts";
import { packageTarball, pinnedByLock } from "./npm-package.ts";
import { root } from "./paths.ts";
import type { Setup } from "./setup.ts";
import { elapsed } from "./terminal.ts";

/** Stages of cave-image/executor/Dockerfile that are images for runs. The first are made by `npm run up`, the others when asked for. */
export const usualRunImages = ["bash", "python", "node", "c"] as const;
export const otherRunImages = ["cpp", "go", "java", "php", "ruby", "rust"] as const;
export const runImages: readonly string[] = [...usualRunImages, ...otherRunImages];

/** Makes sure that the executor's images are there and made from the present sources. */
export async function ensureRunImages(
  setup: Setup,
  engine: Engine,
  base: BaseImage,
  wanted: readonly string[],
): Promise<void> {
  const { terminal, paths, signal } = setup;
  mkdirSync(paths.logs, { recursive: true });
  using held = new DisposableStack();
  held.use(
    await takeLock(paths.buildPid, {
      detached: setup.env["GHOST_DETACHED"] !== undefined,
      signal,
      onWait: ({ pid }) => terminal.line(`Another build is running (process ${pid}): waiting for it.`),
    }),
  );
  const context = held.use(await stageRunContext(setup, engine));
  for (const name of wanted) {
    const image = `ghost/run:${name}`;
    const source = createHash("sha256")
      .update(JSON.stringify([context.hash, base.id, name]))
      .digest("hex");
    if ((await sourceOf(engine, image)) !== source)
      await build(setup, engine, context, { name, image, base, source });
  }
}

async function build(
  { terminal, paths, env, signal }: Setup,
  engine: Engine,
  context: BuildContext,
  { name, image, base, source }: { name: string; image: string; base: BaseImage; source: string },
): Promise<void> {
  const began = Date.now();
  const builder = await findBuilder(engine);
  const reader = new ProgressReader(
    countSteps(readFileSync(join(context.folder, "Dockerfile"), "utf8"), name),
  );
  const log = join(paths.logs, `build-run-${name}.log`);
  const file = createWriteStream(log);
  if (!terminal.isLive) terminal.line(`Building ${image} (${builder.name})`);
  try {
    const { code, tail } = await builder.build({
      context: context.folder,
      target: name,
      image,
      args: { BASE_IMAGE: base.name, ...proxies(env) },
      labels: { "ghost.source": source },
      onLine(line) {
        file.write(`${line}\n`);
        const { step, steps, line: said } = reader.read(line);
        terminal.live(`${image} ${step}/${steps} · ${elapsed(Date.now() - began)} · ${said}`);
      },
      signal,
    });
    signal.throwIfAborted();
    if (code !== 0)
      throw new Failure(
        `Building ${image} failed.\n${tail.slice(-12).join("\n")}`,
        `${adviceFor(tail.join("\n"))}\nThe whole log: ${log}`,
      );
  } finally {
    terminal.live("");
    file.end();
  }
  terminal.done(`${image} built in ${elapsed(Date.now() - began)} (${builder.name})`);
}

async function stageRunContext({ paths, signal }: Setup, { architecture }: Engine): Promise<BuildContext> {
  mkdirSync(paths.cache, { recursive: true });
  const folder = mkdtempSync(join(paths.cache, "context-"));
  const dispose = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    cpSync(join(root, "cave-image/executor"), folder, { recursive: true });
    cpSync(join(root, "cave-image/rootfs/etc"), join(folder, "etc"), { recursive: true });
    mkdirSync(join(folder, "npm"));
    for (const [name, file] of [
      [`node-linux-${architecture}`, "node.tgz"],
      ["typescript", "typescript.tgz"],
    ] as const)
      copyFileSync(await packageTarball(paths, pinnedByLock(name), signal), join(folder, "npm", file));
    normaliseModes(folder);
    return { folder, hash: hashOf(folder), [Symbol.dispose]: dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}
