import type { Command, Option } from "commander";

export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

interface Words {
  /** `tokens create` */
  readonly path: string;
  readonly summary: string;
  readonly children: readonly Words[];
  readonly options: readonly Option[];
  readonly takesCave: boolean;
}

/** A script for the shell, from the commands as they are. Names of caves are asked for when they are needed. */
export function completionScript(program: Command, shell: Shell): string {
  const commands = program.commands.flatMap((command) => wordsOf(command, ""));
  switch (shell) {
    case "bash":
      return bash(commands);
    case "zsh":
      return `#compdef ghost\nautoload -U +X bashcompinit && bashcompinit\n${bash(commands)}`;
    case "fish":
      return fish(commands);
  }
}

function wordsOf(command: Command, parent: string): Words[] {
  return [command.name(), ...command.aliases()].map((name) => {
    const path = `${parent}${name}`;
    return {
      path,
      summary: command.description(),
      children: command.commands.flatMap((child) => wordsOf(child, `${path} `)),
      options: command.options,
      takesCave: command.registeredArguments[0]?.name() === "cave" || command.name() === "cp",
    };
  });
}

const flat = (commands: readonly Words[]): Words[] => commands.flatMap((one) => [one, ...flat(one.children)]);
const flagsOf = ({ options }: Words): string[] =>
  options.flatMap(({ short, long }) => [long, short]).filter((flag) => flag !== undefined);

function bash(commands: readonly Words[]): string {
  const all = flat(commands);
  const cases = all.map((one) => {
    const words = [...one.children.map(({ path }) => path.split(" ").at(-1)), ...flagsOf(one), "--help"];
    const caves = one.takesCave ? `; caves=${one.path === "cp" ? "path" : "yes"}` : "";
    return `    '${one.path}') words='${words.join(" ")}'${caves} ;;`;
  });
  const values = all.flatMap((one) =>
    one.options
      .filter(({ argChoices }) => argChoices !== undefined)
      .map(
        (option) =>
          `    '${one.path} ${option.long ?? ""}') words='${(option.argChoices ?? []).join(" ")}'; caves= ;;`,
      ),
  );
  const groups = commands.filter(({ children }) => children.length > 0).map(({ path }) => path);
  return `# ghost completion bash > /etc/bash_completion.d/ghost
_ghost() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" path="\${COMP_WORDS[1]}" words= caves=
  COMPREPLY=()
  if (( COMP_CWORD == 1 )); then
    COMPREPLY=($(compgen -W '${commands.map(({ path }) => path).join(" ")} help' -- "$current"))
    return
  fi
  case "$path" in ${groups.join("|")}) (( COMP_CWORD > 2 )) && path="$path \${COMP_WORDS[2]}" ;; esac
  case "$path" in
${cases.join("\n")}
  esac
  case "$path $previous" in
${values.join("\n")}
  esac
  [[ $current != -* && $caves == yes ]] && words="$(command ghost list --quiet 2>/dev/null) $words"
  if [[ $caves == path ]]; then
    words="$(command ghost list --quiet 2>/dev/null | sed 's/$/:/') $words"
    COMPREPLY=($(compgen -f -- "$current"))
    compopt -o nospace 2>/dev/null
  fi
  COMPREPLY+=($(compgen -W "$words" -- "$current"))
}
complete -F _ghost ghost
`;
}

function fish(commands: readonly Words[]): string {
  const quote = (text: string) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const lines = commands.flatMap((top) => [
    `complete -c ghost -n __fish_use_subcommand -a ${quote(top.path)} -d ${quote(top.summary)}`,
    ...flat([top]).flatMap((one) => {
      const [first = "", second] = one.path.split(" ");
      const seen = (name: string) => `__fish_seen_subcommand_from ${name}`;
      const when = quote(second === undefined ? seen(first) : `${seen(first)}; and ${seen(second)}`);
      return [
        ...one.children.map(
          (child) =>
            `complete -c ghost -n ${when} -a ${quote(child.path.split(" ").at(-1) ?? "")} -d ${quote(child.summary)}`,
        ),
        ...(one.takesCave
          ? [`complete -c ghost -n ${when} -a '(command ghost list --quiet 2>/dev/null)'`]
          : []),
        ...one.options.map((option) => {
          const short = option.short ? ` -s ${option.short.slice(1)}` : "";
          const values = option.argChoices
            ? ` -x -a ${quote(option.argChoices.join(" "))}`
            : option.required
              ? " -r"
              : "";
          return `complete -c ghost -n ${when}${short} -l ${(option.long ?? "").slice(2)}${values} -d ${quote(option.description)}`;
        }),
      ];
    }),
  ]);
  return `# ghost completion fish > ~/.config/fish/completions/ghost.fish\n${lines.join("\n")}\n`;
}
