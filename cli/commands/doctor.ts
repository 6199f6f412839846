import type { Command } from "commander";
import type { Cli } from "../lib/cli.ts";
import type { Finding } from "../lib/doctor/finding.ts";
import { exitCodes } from "../lib/failure.ts";
import { clean, type Style } from "../lib/style.ts";

export function addDoctor(program: Command, cli: Cli): void {
  program
    .command("doctor")
    .description("Check this machine, its Docker engine and the gateway, and say what to do")
    .option("--json", "print the findings as JSON")
    .addHelpText("after", "\nExit code 1 when something must be done.")
    .action(async (options: { json?: boolean }) => {
      const findings = await examine(cli);
      if (findings.some(({ level }) => level === "fail")) cli.exitCode = exitCodes.failed;
      if (options.json) cli.printJson(findings);
      else cli.print(...show(findings, cli.style), "", summary(findings));
    });
}

async function examine(cli: Cli): Promise<Finding[]> {
  const [{ checkMachine }, { checkEngine }, { checkGateway }] = await Promise.all([
    import("../lib/doctor/local.ts"),
    import("../lib/doctor/engine.ts"),
    import("../lib/doctor/gateway.ts"),
  ]);
  const found = await Promise.all([
    checkMachine(cli.env),
    checkEngine(cli.env, cli.signal),
    checkGateway(cli),
  ]);
  cli.signal.throwIfAborted();
  return found.flat();
}

function show(findings: readonly Finding[], style: Style): string[] {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const marks = { ok: style.green("ok  "), warn: style.yellow("warn"), fail: style.red("fail") };
  return findings.flatMap(({ check, level, says, todo }) => [
    `${marks[level]}  ${clean(check).padEnd(width)}  ${clean(says)}`,
    ...(todo === undefined ? [] : [`${" ".repeat(width + 8)}${style.dim(clean(todo))}`]),
  ]);
}

function summary(findings: readonly Finding[]): string {
  const count = (wanted: Finding["level"]) => findings.filter(({ level }) => level === wanted).length;
  const [bad, odd] = [count("fail"), count("warn")];
  if (bad > 0) return `${bad} ${bad === 1 ? "thing" : "things"} to do before Ghost works well.`;
  return odd > 0 ? `Ghost can work; ${odd} ${odd === 1 ? "thing" : "things"} to look at.` : "All is well.";
}
