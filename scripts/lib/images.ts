import { createHash } from "node:crypto";
import { createWriteStream, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { BaseImage } from "./base-image.ts";
import { stageCaves, stageRuns, type BuildContext } from "./build-context.ts";
import { countSteps, ProgressReader, type BuildProgress } from "./build-progress.ts";
import { findBuilder } from "./builder.ts";
import type { Engine } from "./engine-client.ts";
import { Failure, reasonOf } from "./failure.ts";
import { imageOf, writeImage, type ImageName, type ImageStatus } from "./images-file.ts";
import { takeLock } from "./lock.ts";
import { root } from "./paths.ts";
import { ask } from "./run.ts";
import type { Setup } from "./setup.ts";
import { elapsed } from "./terminal.ts";

/** Makes sure that each of the images is there and made from the present sources, one after the other. */
export async function ensureImages(
  setup: Setup,
  engine: Engine,
  base: BaseImage,
  wanted: readonly ImageName[],
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
  const contexts = new Map<typeof stageCaves, BuildContext>();
  for (const name of wanted) {
    const stage = name.startsWith("run:") ? stageRuns : stageCaves;
    const context = contexts.get(stage) ?? held.use(await stage(setup, engine));
    contexts.set(stage, context);
    const args = buildArgs(setup.env, name, base);
    const source = createHash("sha256")
      .update(JSON.stringify([context.hash, args, base.id, name]))
      .digest("hex");
    const image = imageOf(name);
    if ((await sourceOf(engine, image)) === source) writeImage(paths.images, name, { state: "ready", image });
    else await buildImage(setup, engine, context, name, { args, source });
  }
  // The classic builder caches the first image's stages as untagged images: they go when the last one is done.
  if (wanted.includes("full")) await pruneOlder(engine);
}

/** Removes what older builds of ours left; an image that a cave still uses stays until that cave is gone. */
async function pruneOlder({ docker }: Engine): Promise<void> {
  await docker
    .pruneImages({ filters: { dangling: ["true"], label: ["ghost.stage"] } })
    .catch(() => undefined); // the next build tries again
}

/** What the image on the engine was made from. */
async function sourceOf({ docker }: Engine, image: string): Promise<string | undefined> {
  try {
    const { Config: config } = await docker.getImage(image).inspect();
    return (config.Labels as Record<string, string> | null)?.["ghost.source"];
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return undefined;
    throw error;
  }
}

async function buildImage(
  setup: Setup,
  engine: Engine,
  context: BuildContext,
  name: ImageName,
  { args, source }: { args: Record<string, string>; source: string },
): Promise<void> {
  const { paths, terminal, signal } = setup;
  const image = imageOf(name);
  const startedAt = new Date();
  const log = join(paths.logs, `build-${name.replace(":", "-")}.log`);
  const builder = await findBuilder(engine);
  const reader = new ProgressReader(
    countSteps(readFileSync(join(context.folder, "Dockerfile"), "utf8"), stageOf(name)),
  );
  const tell = (status: Omit<ImageStatus, "image" | "startedAt">): void =>
    writeImage(paths.images, name, { image, startedAt: startedAt.toISOString(), ...status });
  const report = progressReport(setup, name, startedAt, (progress) =>
    tell({ state: "building", ...progress, builder: process.pid }),
  );
  tell({ state: "building", ...reader.progress, builder: process.pid });
  if (!terminal.isLive) terminal.line(`Building ${image} (${builder.name})`);
  const npmRegistry = await ask("npm", ["config", "get", "registry"]);
  const hasRegistry = npmRegistry !== undefined && /^https?:/.test(npmRegistry);
  const file = createWriteStream(log);
  try {
    const { code, tail } = await builder.build({
      context: context.folder,
      target: stageOf(name),
      image,
      args: { ...args, ...proxies(setup.env), ...(hasRegistry && { npm_config_registry: npmRegistry }) },
      labels: { "ghost.source": source, "ghost.version": version() },
      onLine: (line) => {
        file.write(`${line}\n`);
        if (!signal.aborted) report(reader.read(line));
      },
      signal,
    });
    signal.throwIfAborted();
    if (code !== 0)
      throw new Failure(
        `Building ${image} failed.\n${tail.slice(-12).join("\n")}`,
        `${adviceFor(tail.join("\n"))}\nThe whole log: ${log}`,
      );
    tell({ state: "ready", finishedAt: new Date().toISOString() });
    terminal.live("");
    terminal.done(`${image} built in ${elapsed(Date.now() - startedAt.getTime())} (${builder.name})`);
  } catch (error) {
    const state = signal.aborted ? "missing" : "failed";
    tell({
      state,
      finishedAt: new Date().toISOString(),
      error: signal.aborted ? "the build was stopped" : (reasonOf(error).split("\n")[0] ?? ""),
    });
    throw error;
  } finally {
    terminal.live("");
    file.end();
    if (builder.name === "BuildKit") await pruneOlder(engine);
  }
}

/** Writes the status file at most twice a second; on a terminal the live line, elsewhere a line per step. */
function progressReport(
  { terminal }: Setup,
  name: ImageName,
  startedAt: Date,
  write: (progress: BuildProgress) => void,
): (progress: BuildProgress) => void {
  let written = 0;
  let shown = 0;
  return (progress) => {
    const now = Date.now();
    const text = `${imageOf(name)} ${progress.step}/${progress.steps} · ${elapsed(now - startedAt.getTime())} · ${progress.line}`;
    if (terminal.isLive) terminal.live(text);
    else if (progress.step !== shown) terminal.line(text.slice(0, 160));
    shown = progress.step;
    if (now - written < 500) return;
    written = now;
    write(progress);
  };
}

/** The stage of its Dockerfile that is this image. */
const stageOf = (name: ImageName): string => name.replace("run:", "");

function buildArgs(env: NodeJS.ProcessEnv, name: ImageName, base: BaseImage): Record<string, string> {
  const chosen = name === "full" ? (["WITH_JULIA", "WITH_CJK"] as const).filter((arg) => env[arg]) : [];
  return { BASE_IMAGE: base.name, ...Object.fromEntries(chosen.map((arg) => [arg, "1"])) };
}

function proxies(env: NodeJS.ProcessEnv): Record<string, string> {
  const names = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"];
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}

function version(): string {
  return (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string }).version;
}

/** What usually helps, by what the build said. */
export function adviceFor(output: string): string {
  if (/no space left on device/i.test(output))
    return "The disk is full: free some with `docker system df` and `docker builder prune`, then run the command again.";
  if (/SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER|certificate verify failed/i.test(output))
    return "Something on the way signs with its own certificate authority: put its certificate (*.crt) into /usr/local/share/ca-certificates and run the command again.";
  if (
    /Temporary failure resolving|EAI_AGAIN|ENOTFOUND|Could not resolve|ETIMEDOUT|ECONNREFUSED/i.test(output)
  )
    return "Containers of this engine do not reach the network: check the engine's DNS and any proxy (HTTP_PROXY), then run the command again.";
  return "Run the command again: what was built already is kept.";
}
