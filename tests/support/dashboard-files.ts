import { ensureDashboard } from "../../scripts/lib/dashboard.ts";
import { pathsOf } from "../../scripts/lib/paths.ts";
import { Terminal } from "../../scripts/lib/terminal.ts";

/** Before the journeys: the dashboard as the present sources make it. Takes no time when it is there. */
export async function setup(): Promise<void> {
  await ensureDashboard({
    terminal: new Terminal(),
    paths: pathsOf(process.env),
    env: process.env,
    yes: false,
    signal: AbortSignal.timeout(300_000),
  });
}
