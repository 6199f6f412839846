import { once } from "node:events";
import { setFlagsFromString } from "node:v8";
import { parseConfig } from "./config/config.ts";
import { readEnv } from "./config/env.ts";
import { startGhost } from "./start.ts";

/** How long what is under way has before it is cut off. */
const drainMs = 10_000;

// The young generation stays as large as the start has made it. It would grow to 128 MB, and a gateway that is busy for long would hold all of it.
setFlagsFromString("--semi-space-growth-factor=1");

process.umask(0o077); // what Ghost writes is for nobody else

const stop = new AbortController();
const force = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.on(name, () => (stop.signal.aborted ? force : stop).abort());
}

try {
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
