import type { Command } from "commander";
import type { Cli } from "../lib/cli.ts";
import { usage } from "../lib/failure.ts";
import { parseDuration } from "../lib/units.ts";
import type { PortVisibility } from "#contract/surfaces.ts";

interface Options {
  public?: boolean;
  private?: boolean;
  expires?: string;
  json?: boolean;
}

export function addShare(program: Command, cli: Cli): void {
  program
    .command("share <cave> <port>")
    .description(
      "Make a link to a port that works without an account; or open the port to everybody, or to nobody",
    )
    .option("--expires <time>", "how long the link works (7d unless said otherwise)")
    .option("--public", "everybody may see the port, without a link")
    .option("--private", "nobody but you; links to it end")
    .option("--json", "print the answer as JSON")
    .action(async (cave: string, port: string, options: Options) => {
      if (!/^[1-9]\d{0,4}$/.test(port)) throw usage(`"${port}" is not a port.`);
      if (options.public && options.private) throw usage("Give --public or --private, not both.");
      const { ports } = await cli.api();
      const params = { cave, port: Number(port) };
      const visibility: PortVisibility | undefined = options.public
        ? "public"
        : options.private
          ? "private"
          : undefined;
      if (visibility !== undefined) {
        if (options.expires !== undefined) throw usage("Only links have an end: leave --expires out.");
        const shared = await ports.share({ params, body: { visibility } }, cli.call);
        if (options.json) cli.printJson(shared);
        else if (options.public) cli.print(shared.url);
        else cli.note(`Port ${port} of ${cave} is private.`);
        return;
      }
      const body = options.expires === undefined ? {} : { expiresInMs: parseDuration(options.expires) };
      const link = await ports.createLink({ params, body }, cli.call);
      if (options.json) cli.printJson(link);
      else cli.print(link.url);
    });
}
