import { once } from "node:events";
import { parseConfig } from "./config/config.ts";
import { readEnv } from "./config/env.ts";
import { keepYoungGeneration } from "./lib/young-generation.ts";
import { startGhost } from "./start.ts";

/** How long what is under way has before it is cut off. */
const drainMs = 10_000;

process.umask(0o077); // what Ghost writes is for nobody else

const stop = new AbortController();
const force = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.on(name, () => (stop.signal.aborted ? force : stop).abort());
}

try {
  using _young = keepYoungGeneration();
  const { values, unknown } = readEnv();
  await using ghost = await startGhost(parseConfig(values));
  const { log, gateway, ctx } = ghost;
  for (const name of unknown) log.warn({ name }, "unknown setting");
  log.info({ url: ctx.config.url, port: gateway.port, home: ctx.config.home }, "Ghost is ready");
  if (!stop.signal.aborted) await once(stop.signal, "abort");
  log.info("Ghost is stopping");
  await gateway.drain(AbortSignal.any([force.signal, AbortSignal.timeout(drainMs)]));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
