import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildViewers } from "../build-viewers.ts";
import { root } from "./paths.ts";
import { run } from "./run.ts";
import type { Setup } from "./setup.ts";
import { elapsed } from "./terminal.ts";
import { verdictOf, type Verdict } from "./verdict.ts";

export interface Check {
  readonly name: string;
  readonly verify: (setup: Setup) => Promise<Verdict>;
}

/** A program that says by its exit code whether all is well; what it says is shown when it is not. */
export function command(name: string, program: string, args: readonly string[]): Check {
  return {
    name,
    verify: async ({ terminal, signal, env }) => {
      const said: string[] = [];
      const { code } = await run(program, args, {
        cwd: root,
        env,
        signal,
        onLine: (line) => said.push(line),
      });
      if (code !== 0) for (const line of said.slice(-200)) terminal.line(line);
      return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
    },
  };
}

/** One project of vitest.config.ts. */
export function suite(project: string): Check {
  return {
    name: `${project} tests`,
    verify: async ({ terminal, signal, env }) => {
      const folder = mkdtempSync(join(tmpdir(), "ghost-vitest-"));
      const report = join(folder, "report.json");
      const args = [
        "run",
        "--project",
        project,
        "--passWithNoTests",
        "--reporter=default",
        "--reporter=json",
        `--outputFile.json=${report}`,
      ];
      try {
        const { code } = await run("vitest", args, {
          cwd: root,
          env,
          signal,
          ownGroup: true,
          onLine: (line) => terminal.line(line),
        });
        return verdictOf(existsSync(report) ? readFileSync(report, "utf8") : "", code);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

export const format = command("format", "prettier", ["--check", "."]);
export const lint = command("lint", "eslint", ["."]);
/** Code for browsers has the DOM, and nobody else has. */
export const types = [
  command("types", "tsc", ["--noEmit", "-p", "."]),
  command("types of viewers", "tsc", ["--noEmit", "-p", "viewers"]),
  command("types of what runs in browsers under test", "tsc", ["--noEmit", "-p", "tests/e2e"]),
];
/** Not while Next builds, which writes types of its own. */
export const dashboardTypes = command("types of the dashboard", "tsc", ["--noEmit", "-p", "app"]);
/** The browser pages are bundled; tests and the gateway take them from there. */
export const viewers: Check = {
  name: "viewers",
  verify: async () => {
    await buildViewers();
    return { passed: 1, failed: 0 };
  },
};
const generator = "scripts/generate-docs.ts";
/** The committed documents are what their generator, where there is one, makes of the contract. */
export const docs = existsSync(join(root, generator))
  ? [command("generated documents", process.execPath, [generator, "--check"])]
  : [];

/** Checks that run one after the other. */
type Lane = readonly Check[];

/** Runs all checks, whatever each of them finds, and tells. Lanes of one stage run side by side, stages one after the other. */
export async function runChecks(setup: Setup, stages: readonly (readonly Lane[])[]): Promise<Verdict> {
  const lines: string[] = [];
  const failures: string[] = [];
  const total = { passed: 0, failed: 0 };
  const runLane = async (lane: Lane): Promise<void> => {
    for (const check of lane) {
      const since = Date.now();
      const { passed, failed, failures: found = [] } = await runCheck(setup, check);
      total.passed += passed;
      total.failed += failed;
      failures.push(...found);
      const line = `${failed === 0 ? "✓" : "✗"} ${check.name}: ${passed} passed, ${failed} failed (${elapsed(Date.now() - since)})`;
      setup.terminal.line(line);
      lines.push(line);
    }
  };
  for (const lanes of stages) await Promise.all(lanes.map(runLane));
  // Once more, because thousands of lines may lie between a failure and the end.
  if (failures.length > 0) setup.terminal.line(["", "What failed:", ...failures].join("\n"));
  setup.terminal.line(["", ...lines, "", `${total.passed} passed, ${total.failed} failed`].join("\n"));
  return total;
}

async function runCheck(setup: Setup, { name, verify }: Check): Promise<Verdict> {
  const { terminal, signal } = setup;
  terminal.live(`${name} …`);
  try {
    return await verify(setup);
  } catch (error) {
    signal.throwIfAborted();
    terminal.failure(error);
    return { passed: 0, failed: 1 };
  } finally {
    terminal.live("");
  }
}
