import type { Command } from "commander";
import type { Cli } from "../lib/cli.ts";
import { version } from "../lib/version.ts";

export function addVersion(program: Command, cli: Cli): void {
  program
    .command("version")
    .description("Show the versions of this command and of the gateway")
    .option("--json", "print them as JSON")
    .action(async (options: { json?: boolean }) => {
      const client = await cli.api();
      const signal = AbortSignal.any([cli.signal, AbortSignal.timeout(2000)]);
      const gateway = await client.system.version({}, { signal }).catch(() => undefined);
      cli.signal.throwIfAborted();
      if (options.json) {
        cli.printJson({ cli: version, gateway: gateway?.version ?? null, url: cli.credentials.url });
        return;
      }
      const answer = gateway === undefined ? "does not answer" : `${gateway.version} (${gateway.commit})`;
      cli.print(`ghost ${version}`, `gateway ${answer} at ${cli.credentials.url}`);
    });
}
