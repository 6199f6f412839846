import { Argument, type Command } from "commander";
import type { Cli } from "../lib/cli.ts";
import { completionScript, shells, type Shell } from "../lib/completion.ts";

export function addCompletion(program: Command, cli: Cli): void {
  program
    .command("completion")
    .description("Print a script that completes commands, options and the names of caves")
    .addArgument(new Argument("<shell>", "which shell").choices(shells))
    .addHelpText(
      "after",
      `
  bash  source <(ghost completion bash)                                    in ~/.bashrc
  zsh   source <(ghost completion zsh)                                     in ~/.zshrc, after compinit
  fish  ghost completion fish > ~/.config/fish/completions/ghost.fish`,
    )
    .action((shell: Shell) => {
      cli.stdout.write(completionScript(program, shell));
    });
}
