import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { buildViewers } from "./build-viewers.ts";
import { ensureBaseImage, type BaseImage } from "./lib/base-image.ts";
import { ensureDashboard } from "./lib/dashboard.ts";
import type { Engine } from "./lib/engine-client.ts";
import { ensureEngine } from "./lib/engine.ts";
import { runningGateway, signInUrl, startGateway, urlOf, type Gateway } from "./lib/gateway.ts";
import { announceImage, usualRunImages } from "./lib/images-file.ts";
import { ensureImages } from "./lib/images.ts";
import { main } from "./lib/main.ts";
import { root } from "./lib/paths.ts";
import { stopProcess } from "./lib/pid-file.ts";
import type { Setup } from "./lib/setup.ts";
import { upHelp, upOptions, type UpOptions } from "./lib/up-options.ts";

// Each step finds what is there already: the second time, all of this takes seconds.
await main(async (setup) => {
  const options = upOptions(process.argv.slice(2), process.env);
  if (options.help) {
    setup.terminal.line(upHelp);
    return 0;
  }
  await up({ ...setup, yes: options.yes }, options);
  return 0;
});

async function up(setup: Setup, options: UpOptions): Promise<void> {
  const { terminal, paths } = setup;
  mkdirSync(paths.home, { recursive: true, mode: 0o700 });
  const running = await runningGateway(setup);
  if (running) {
    const port = Number(new URL(running.url ?? "").port);
    terminal.done(
      `Ghost runs already at ${running.url} (process ${running.pid}); \`npm run down\` stops it.`,
    );
    await welcome(setup, setup.env, port);
    return;
  }
  await ensureDashboard(setup);
  const engine = await ensureEngine(setup);
  terminal.done(`Docker ${engine.version}`);
  const base = await ensureBaseImage(setup, engine);
  await ensureImages(setup, engine, base, ["base", ...usualRunImages]);
  if (!options.baseOnly) announceImage(paths.images, "full", process.pid);
  await buildViewers();
  const gateway = await startGateway(setup, engine.env, options);
  terminal.done(`Ghost answers at ${gateway.record.url}`);
  await welcome(setup, engine.env, options.port);
  if (options.detach) leave(setup, engine, options);
  else await stay(setup, engine, base, gateway, options);
}

/** Until Ctrl-C, or until the gateway ends: then what we started ends with us. Caves go on. */
async function stay(
  setup: Setup,
  engine: Engine,
  base: BaseImage,
  gateway: Gateway,
  options: UpOptions,
): Promise<void> {
  const { terminal, signal } = setup;
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  const building = options.baseOnly
    ? Promise.resolve()
    : ensureImages({ ...setup, signal: both }, engine, base, ["full"]).catch((error: unknown) => {
        if (both.aborted) return;
        terminal.failure(error);
        terminal.line("Caves without a desktop and editors work all the same.");
      });
  const stopped = Promise.withResolvers<undefined>();
  signal.addEventListener("abort", () => stopped.resolve(undefined), { once: true });
  if (signal.aborted) stopped.resolve(undefined);
  try {
    await Promise.race([stopped.promise, gateway.ended]);
    if (!signal.aborted)
      throw new Error(`The gateway has ended by itself. Its log: ${setup.paths.gatewayLog}`);
    terminal.live("");
    terminal.line("Stopping; caves go on.");
  } finally {
    stop.abort();
    await Promise.all([building, stopProcess(gateway.record)]);
    await gateway.ended;
  }
}

/** The build of the full image goes on in a process of its own. */
function leave({ terminal, paths }: Setup, engine: Engine, options: UpOptions): void {
  if (!options.baseOnly) {
    const log = openSync(join(paths.logs, "build.log"), "a");
    const child = spawn(process.execPath, [join(root, "scripts/images.ts"), "full"], {
      cwd: root,
      env: { ...engine.env, GHOST_HOME: paths.home, GHOST_DETACHED: "1" },
      detached: true,
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    if (child.pid !== undefined) announceImage(paths.images, "full", child.pid);
    child.unref();
    terminal.line(`The full image is made ready in the background (${join(paths.logs, "build-full.log")}).`);
  }
  terminal.line("`npm run down` stops Ghost.");
}

async function welcome(setup: Setup, env: NodeJS.ProcessEnv, port: number): Promise<void> {
  const { terminal } = setup;
  const link = await signInUrl(setup, env, port);
  terminal.line();
  terminal.line(`  Sign in (once):  ${terminal.bold(link)}`);
  terminal.line(`  API:             ${env["GHOST_URL"] ?? urlOf(port, env)}/docs`);
  terminal.line(`  Command line:    npm run ghost -- create first`);
  terminal.line(`                   npm run ghost -- shell first`);
  terminal.line(`                   npm run ghost -- --help`);
  terminal.line();
}
