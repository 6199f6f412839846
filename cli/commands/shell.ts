import { constants } from "node:os";
import type { Command } from "commander";
import type { Cli } from "../lib/cli.ts";
import { DetachKey } from "../lib/detach-key.ts";
import { exitCodes, Failure, usage } from "../lib/failure.ts";
import { Screen } from "../lib/screen.ts";
import { clean } from "../lib/style.ts";
import { table, type Column } from "../lib/table.ts";
import type { Ending, TerminalLink } from "../lib/terminal-link.ts";
import { showAgo } from "../lib/units.ts";
import type { Terminal } from "#contract/inside.ts";

interface Options {
  terminal?: string;
  list?: boolean;
  cwd?: string;
  command?: string;
  json?: boolean;
}

export function addShell(program: Command, cli: Cli): void {
  program
    .command("shell <cave>")
    .description("Open a terminal in a cave")
    .option("--terminal <id>", "come back to one that is open")
    .option("--list", "list those that are open")
    .option("-C, --cwd <path>", "folder to start in (default: /workspace)")
    .option("--command <line>", "run this instead of the login shell")
    .option("--json", "print the list as JSON")
    .addHelpText(
      "after",
      "\nCtrl-] and then d leaves the terminal open and comes back here; `--terminal` returns to it.",
    )
    .action(async (cave: string, options: Options) => {
      if (options.list) return list(cli, cave, options);
      const terminal = await pick(cli, cave, options);
      await attach(cli, cave, terminal);
    });
}

async function list(cli: Cli, cave: string, { json }: Options): Promise<void> {
  const { terminals } = await (await cli.api()).terminals.list({ params: { cave } }, cli.call);
  if (json) cli.printJson(terminals);
  else if (terminals.length > 0)
    cli.print(...table(columns(Date.now()), terminals, cli.width, cli.style.dim));
  else cli.note("No terminal is open.");
}

const columns = (now: number): Column<Terminal>[] => [
  { title: "ID", value: ({ id }) => id },
  { title: "OPENED", value: ({ createdAt }) => showAgo(createdAt, now) },
  { title: "VIEWERS", value: ({ viewers }) => String(viewers), align: "right" },
  { title: "STATE", value: ({ running, exitCode }) => (running ? "running" : `exit ${exitCode ?? "?"}`) },
  { title: "TITLE", value: ({ title, name }) => title ?? name, min: 12 },
];

/** The terminal that was asked for, or a new one of this window's size. */
async function pick(cli: Cli, cave: string, { terminal, cwd, command }: Options): Promise<string> {
  if (terminal !== undefined) {
    if (cwd !== undefined || command !== undefined)
      throw usage("--terminal goes back to one that has begun; it takes no --cwd or --command.");
    return terminal;
  }
  const size = cli.stdout.isTTY
    ? { cols: Math.max(2, cli.stdout.columns), rows: Math.max(1, cli.stdout.rows) }
    : { cols: 80, rows: 24 };
  const body = { ...size, ...(cwd !== undefined && { cwd }), ...(command !== undefined && { command }) };
  const { id } = await (await cli.api()).terminals.open({ params: { cave }, body }, cli.call);
  return id;
}

async function attach(cli: Cli, cave: string, id: string): Promise<void> {
  const { TerminalLink } = await import("../lib/terminal-link.ts");
  const url = (await cli.api()).terminals.connect.url({ params: { cave, id } });
  let ending: Ending | "detached";
  {
    using screen = new Screen(cli, `${cave} · ghost`);
    using link = new TerminalLink({
      url,
      token: cli.credentials.token,
      size: () => screen.size,
      show: (data, kind) => screen.show(data, kind),
    });
    ending = await converse(cli, screen, link);
  }
  finish(cli, cave, id, ending);
}

async function converse(cli: Cli, screen: Screen, link: TerminalLink): Promise<Ending | "detached"> {
  using stack = new DisposableStack();
  const left = Promise.withResolvers<"detached">();
  const detachKey = new DetachKey();
  let away: NodeJS.Timeout | undefined;
  stack.defer(() => clearTimeout(away));
  link.on("title", (title) => screen.title(title));
  link.on("detached", () => {
    // A gateway that restarts is back sooner than a person notices.
    away = setTimeout(() => screen.notice("reconnecting…"), 1000);
  });
  link.on("attached", () => {
    clearTimeout(away);
    screen.hideNotice();
  });

  const onData = (data: Buffer) => {
    if (!cli.stdin.isTTY) {
      link.type(data);
      return;
    }
    for (const typed of detachKey.read(data)) {
      if (typed.kind === "type") link.type(typed.data);
      else if (typed.kind === "asked") screen.notice("d: detach   Ctrl-]: send it   any other key: go on");
      else screen.hideNotice();
      if (typed.kind === "detach") left.resolve("detached");
    }
  };
  const onEnd = () => link.type(Buffer.of(4)); // end of input, as Ctrl-D says it
  const onResize = () => link.resized();
  const onAbort = () => left.reject(cli.signal.reason as Error);
  cli.stdin.on("data", onData).on("end", onEnd);
  cli.stdout.on("resize", onResize);
  cli.signal.addEventListener("abort", onAbort);
  stack.defer(() => {
    cli.stdin.off("data", onData).off("end", onEnd).pause();
    cli.stdout.off("resize", onResize);
    cli.signal.removeEventListener("abort", onAbort);
  });
  return await Promise.race([link.ended, left.promise]);
}

function finish(cli: Cli, cave: string, id: string, ending: Ending | "detached"): void {
  const back = `ghost shell ${cave} --terminal ${id}`;
  if (ending === "detached") {
    cli.stderr.write("\n");
    cli.note(`Detached. Come back with: ${back}`);
    return;
  }
  switch (ending.kind) {
    case "exited": {
      const numbers: Record<string, number> = constants.signals;
      cli.exitCode = ending.exitCode ?? 128 + (numbers[ending.signal ?? ""] ?? 1);
      return;
    }
    case "closed":
      return;
    case "taken-over":
      throw new Failure("Somebody else has taken this terminal over.", {
        code: "taken_over",
        hint: `Take it back with: ${back}`,
      });
    case "gone":
      throw new Failure(`The terminal ${clean(id)} is gone: it has ended, or its cave has stopped.`, {
        code: "terminal_not_found",
        exitCode: exitCodes.notFound,
        hint: `Open a new one with: ghost shell ${cave}`,
      });
    case "refused":
      throw new Failure(`${cli.credentials.url} refused the terminal (HTTP ${ending.status}).`, {
        code: ending.status === 401 || ending.status === 403 ? "forbidden" : "cave_state",
        exitCode: ending.status === 401 || ending.status === 403 ? exitCodes.denied : exitCodes.failed,
        hint: `\`ghost info ${cave}\` tells how the cave is.`,
      });
    case "lost":
      throw new Failure(`Ghost has not answered at ${cli.credentials.url} for two minutes.`, {
        code: "unreachable",
        exitCode: exitCodes.unreachable,
        hint: `The terminal goes on in its cave. Come back to it with: ${back}`,
      });
  }
}
