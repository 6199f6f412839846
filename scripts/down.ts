import { main } from "./lib/main.ts";
import { readPid, removePid, stopProcess } from "./lib/pid-file.ts";

// Stops the gateway of this GHOST_HOME, and a build that `npm run up -- --detach` left behind. Caves go on.
await main(async ({ terminal, paths }) => {
  const gateway = await readPid(paths.gatewayPid);
  const build = await readPid(paths.buildPid);
  if (build?.detached) {
    await stopProcess(build);
    removePid(paths.buildPid);
    terminal.done(`Stopped the image build (process ${build.pid}); it goes on where it was the next time.`);
  }
  if (gateway) {
    const how = await stopProcess(gateway);
    terminal.done(
      how === "stopped"
        ? `Stopped the gateway (process ${gateway.pid}); caves go on.`
        : `The gateway (process ${gateway.pid}) did not stop within 15 s and was killed; caves go on.`,
    );
  }
  removePid(paths.gatewayPid);
  if (!gateway && !build?.detached) terminal.line("Nothing runs.");
  return 0;
});
