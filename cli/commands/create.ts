import { randomUUID } from "node:crypto";
import { Option, type Command } from "commander";
import type { Cli } from "../lib/cli.ts";
import { createWithProgress } from "../lib/create-progress.ts";
import { collect, readEnvOptions } from "../lib/options.ts";
import { clean } from "../lib/style.ts";
import { parseDuration, parseMegabytes, parseNumber, parseWhole, showElapsed } from "../lib/units.ts";
import type { CreateCaveInput } from "#contract/cave.ts";

interface Options {
  image?: string;
  backend?: string;
  cpus?: number;
  memory?: number;
  pids?: number;
  disk?: number;
  network?: "open" | "none" | "allow";
  allow?: string[];
  env?: string[];
  envFile?: string[];
  secret?: string[];
  vnc?: boolean;
  codeServer?: boolean;
  jupyter?: boolean;
  idleTimeout?: number;
  ttl?: number;
  wait: boolean;
  json?: boolean;
}

export function addCreate(program: Command, cli: Cli): void {
  program
    .command("create [name]")
    .description("Create a cave and wait until it can be used")
    .option("--image <image>", "image to make it from (default: ghost/cave)")
    .option("--backend <name>", "backend to make it on (default: docker)")
    .option("--cpus <n>", "CPU cores it may use, e.g. 1.5", parseNumber)
    .option("--memory <size>", "memory it may use, e.g. 512m or 2g", parseMegabytes)
    .option("--pids <n>", "processes and threads it may have", parseWhole)
    .option("--disk <size>", "disk it may fill, e.g. 10g", parseMegabytes)
    .addOption(new Option("--network <mode>", "what it may reach").choices(["open", "none", "allow"]))
    .option(
      "--allow <host>",
      "a host, *.domain or CIDR it may reach with --network allow (repeatable)",
      collect,
    )
    .option(
      "-e, --env <name=value>",
      "a variable for its processes; a name alone takes yours (repeatable)",
      collect,
    )
    .option("--env-file <file>", "variables from a file (repeatable)", collect)
    .option("--secret <name>", "a stored secret to hand to its processes (repeatable)", collect)
    .option("--vnc", "start the desktop with it, not on first use")
    .option("--code-server", "start VS Code with it, not on first use")
    .option("--jupyter", "start Jupyter with it, not on first use")
    .option("--idle-timeout <duration>", "stop it after so long without activity, e.g. 30m", parseDuration)
    .option("--ttl <duration>", "remove it after so long, e.g. 8h", parseDuration)
    .option("--no-wait", "do not wait until it can be used")
    .option("--json", "print the cave as JSON")
    .action(async (name: string | undefined, options: Options) => {
      await create(cli, name, options);
    });
}

async function create(cli: Cli, name: string | undefined, options: Options): Promise<void> {
  const body = bodyOf(cli, name, options);
  const headers = { "idempotency-key": randomUUID() };
  const started = performance.now();
  const cave = options.wait
    ? await createWithProgress(cli, { body, headers })
    : await (await cli.api()).caves.create({ body, headers, query: { wait: "none" } }, cli.call);
  if (options.json) cli.printJson(cave);
  else if (!cli.stdout.isTTY) cli.print(cave.name);
  else {
    const { bold, dim } = cli.style;
    const took = options.wait
      ? dim(` ready in ${showElapsed(performance.now() - started)}`)
      : dim(` ${cave.state}`);
    cli.print(
      `${bold(clean(cave.name))}${took}`,
      dim(`ghost shell ${cave.name}    ghost exec ${cave.name} 'ls'`),
    );
  }
}

function bodyOf(cli: Cli, name: string | undefined, options: Options): CreateCaveInput {
  const { image, backend, cpus, memory, pids, disk, network, allow, secret, idleTimeout, ttl } = options;
  const env = readEnvOptions(options.env, options.envFile, cli.env);
  const mode = network ?? (allow ? "allow" : undefined);
  return {
    ...(name !== undefined && { name }),
    ...(image !== undefined && { image }),
    ...(backend !== undefined && { backend }),
    limits: {
      ...(cpus !== undefined && { cpus }),
      ...(memory !== undefined && { memoryMb: memory }),
      ...(pids !== undefined && { pids }),
      ...(disk !== undefined && { diskMb: disk }),
    },
    ...(mode && { network: { mode, ...(allow && { allow }) } }),
    env,
    ...(secret && { secrets: secret }),
    services: {
      ...(options.vnc && { desktop: true }),
      ...(options.codeServer && { code: true }),
      ...(options.jupyter && { jupyter: true }),
    },
    ...(idleTimeout !== undefined && { idleTimeoutMs: idleTimeout }),
    ...(ttl !== undefined && { ttlMs: ttl }),
  };
}
