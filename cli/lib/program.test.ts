import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { Cli } from "./cli.ts";
import { completionScript } from "./completion.ts";
import { createProgram } from "./program.ts";
import { reference } from "./reference.ts";

const { stdin, stdout, stderr } = process;
const cli = new Cli({
  env: {},
  stdin,
  stdout,
  stderr,
  signal: new AbortController().signal,
  argv: undefined,
});
const program = createProgram(cli);

it("is what docs/cli.md says (node cli/write-reference.ts)", () => {
  expect(readFileSync(new URL("../../docs/cli.md", import.meta.url), "utf8")).toBe(reference(program));
});

function complete(...words: string[]): string[] {
  const script = `ghost() { :; }; command() { [ "$2" = list ] && echo my-cave; }\n${completionScript(program, "bash")}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}; _ghost; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync("bash", ["-c", script], { encoding: "utf8" }).trim().split("\n");
}

it("completes in bash", () => {
  expect(complete("ghost", "cre")).toEqual(["create"]);
  expect(complete("ghost", "exec", "my")).toEqual(["my-cave"]);
  expect(complete("ghost", "create", "--net")).toEqual(["--network"]);
  expect(complete("ghost", "list", "--state", "pa")).toEqual(["paused"]);
  expect(complete("ghost", "tokens", "rev")).toEqual(["revoke"]);
  expect(complete("ghost", "cp", "my")).toEqual(["my-cave:"]);
});

it("has a script for zsh and for fish", () => {
  expect(completionScript(program, "zsh")).toMatch(/^#compdef ghost\n/);
  const fish = completionScript(program, "fish");
  expect(fish).toContain("complete -c ghost -n __fish_use_subcommand -a 'shell'");
  expect(fish).toContain("-x -a 'open none allow'");
});
