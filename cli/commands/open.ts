import type { Command } from "commander";
import type { Cli } from "../lib/cli.ts";
import { usage } from "../lib/failure.ts";
import { openBrowser } from "../lib/open-browser.ts";
import { NamedSurface, type OpenSurface } from "#contract/surfaces.ts";

interface Options {
  path?: string;
  print?: boolean;
  json?: boolean;
}

export function addOpen(program: Command, cli: Cli): void {
  program
    .command("open <cave> [surface]")
    .description("Open a cave's code, desktop, jupyter, terminal, or a port's number, in a browser")
    .option("-p, --path <path>", "where in it: a path of the app; for code a file, :line:column allowed")
    .option("--print", "print the address instead; one browser can use it, once, within a minute")
    .option("--json", "print the answer as JSON")
    .action(async (cave: string, surface: string | undefined, { path, print, json }: Options) => {
      const body: OpenSurface = {
        surface: surfaceOf(surface ?? "code"),
        ...(path !== undefined && { path: pathOf(path) }),
      };
      const opened = await (await cli.api()).surfaces.open({ params: { cave }, body }, cli.call);
      if (json) cli.printJson(opened);
      else if (print || !(await openBrowser(opened.url, cli.env))) cli.print(opened.url);
      else cli.note(`Opened in your browser. Elsewhere: ghost open ${cave} ${surface ?? "code"} --print`);
    });
}

function surfaceOf(text: string): OpenSurface["surface"] {
  const named = NamedSurface.safeParse(text);
  if (named.success) return named.data;
  if (/^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65_535) return { port: Number(text) };
  throw usage(
    `"${text}" is nothing that can be opened.`,
    "Open code, desktop, jupyter, terminal, or a port such as 3000.",
  );
}

/** People write `app.py:10`, meaning the workspace's. */
const pathOf = (text: string) => encodeURI(text.startsWith("/") ? text : `/${text}`);
