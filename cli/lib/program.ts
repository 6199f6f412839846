import { Command, CommanderError } from "commander";
import { addCompletion } from "../commands/completion.ts";
import { addCp } from "../commands/cp.ts";
import { addCreate } from "../commands/create.ts";
import { addDestroy } from "../commands/destroy.ts";
import { addDoctor } from "../commands/doctor.ts";
import { addExec } from "../commands/exec.ts";
import { addInfo } from "../commands/info.ts";
import { addKill } from "../commands/kill.ts";
import { addList } from "../commands/list.ts";
import { addLogs } from "../commands/logs.ts";
import { addMoves } from "../commands/moves.ts";
import { addOpen } from "../commands/open.ts";
import { addPorts } from "../commands/ports.ts";
import { addPs } from "../commands/ps.ts";
import { addLanguages } from "../commands/run-languages.ts";
import { addRun } from "../commands/run.ts";
import { addSecrets } from "../commands/secrets.ts";
import { addServe } from "../commands/serve.ts";
import { addShare } from "../commands/share.ts";
import { addShell } from "../commands/shell.ts";
import { addTokens } from "../commands/tokens.ts";
import { addVersion } from "../commands/version.ts";
import { addWhoami } from "../commands/whoami.ts";
import type { Cli } from "./cli.ts";
import { exitCodes, usage } from "./failure.ts";

/** The commands as data: parsing, help, completion and docs/cli.md all read this one table. */
export function createProgram(cli: Cli): Command {
  const program = new Command("ghost")
    .description("Caves: isolated environments with a terminal, VS Code, a desktop and a URL for every port")
    .helpOption("-h, --help", "show help")
    .helpCommand("help [command]", "show help for a command")
    .addHelpText(
      "after",
      "\nExit codes: 0 done, 1 failed, 2 wrong usage, 3 not found, 4 not allowed, 5 Ghost does not answer.",
    )
    .exitOverride()
    .configureHelp({ sortOptions: false, helpWidth: Math.min(110, cli.stdout.columns || 100) })
    .configureOutput({
      writeOut: (text) => void cli.stdout.write(text),
      writeErr: (text) => void cli.stderr.write(text),
      outputError: () => undefined, // reportError says it
    });
  program.commandsGroup("Caves");
  for (const add of [addCreate, addList, addInfo, addMoves, addDestroy, addLogs]) add(program, cli);
  program.commandsGroup("In a cave");
  for (const add of [addExec, addShell, addOpen, addCp, addPorts, addShare, addPs, addKill])
    add(program, cli);
  program.commandsGroup("Runs");
  for (const add of [addRun, addLanguages]) add(program, cli);
  program.commandsGroup("Account");
  for (const add of [addSecrets, addTokens, addWhoami]) add(program, cli);
  program.commandsGroup("Ghost itself");
  for (const add of [addServe, addDoctor, addCompletion, addVersion]) add(program, cli);
  return program;
}

export async function runProgram(cli: Cli, words: readonly string[]): Promise<void> {
  const own = cli.argv ? words.slice(0, words.length - cli.argv.length - 1) : words;
  cli.json = own.includes("--json");
  const program = createProgram(cli);
  if (words.length === 0) {
    program.outputHelp();
    return;
  }
  if (own[0] === "--version" || own[0] === "-V") return runProgram(cli, ["version"]);
  try {
    await program.parseAsync([...words], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return;
    if (error.code === "commander.help") {
      cli.exitCode = exitCodes.usage;
      return;
    }
    throw usage(sentence(error.message), hintFor(error, own, program));
  }
}

/** `error: unknown option '--x'\n(Did you mean --y?)` as our own messages are. */
function sentence(message: string): string {
  const [first = "", ...rest] = message.replace(/^error: /, "").split("\n");
  return [`${first.charAt(0).toUpperCase()}${first.slice(1).replace(/\.$/, "")}.`, ...rest].join(" ");
}

function hintFor(error: CommanderError, words: readonly string[], program: Command): string {
  const name = words.find((word) => !word.startsWith("-"));
  const command = program.commands.find((one) => one.name() === name || one.aliases().includes(name ?? ""));
  if (command === undefined) return "`ghost --help` lists the commands.";
  if (command.name() === "exec" && /unknownOption|invalidArgument/.test(error.code))
    return "Put the whole command in quotes, or the program and its arguments after `--`.";
  return `See \`ghost ${command.name()} --help\`.`;
}
