import type { EventEmitter } from "node:events";
import type { Command } from "commander";

const intro = `# The \`ghost\` command

<!-- Made from the commands themselves: \`node cli/write-reference.ts\`. -->

Run it as \`npm run ghost -- …\` in the checkout, or put it on your PATH with \`npm link\`.

**Where it finds Ghost.** \`npm run up\` writes the address and a token to \`cli.json\` in \`GHOST_HOME\` (default \`~/.ghost\`), readable by you alone.
\`GHOST_URL\` and \`GHOST_TOKEN\` take precedence. The token of that file goes to that file's address only: with another \`GHOST_URL\`, give a \`GHOST_TOKEN\` too.

**What it prints.** Results go to stdout, everything else to stderr. \`--json\` prints the API's own objects; an error is then one line of
\`{"error": {"code", "message", "hint"}}\` on stderr. Colours and live lines appear on terminals only, and never with \`NO_COLOR\`. \`GHOST_DEBUG=1\` adds the
stack to an error.

${markdownTable(
  ["Exit code", "Meaning"],
  [
    ["0", "done"],
    ["1", "failed"],
    ["2", "the command line does not make sense"],
    ["3", "there is no such cave, file, token, …"],
    ["4", "not signed in, or not allowed"],
    ["5", "Ghost does not answer"],
    ["124", "`exec`: ended by `--timeout`"],
    ["125", "`exec`: Ghost could not run it"],
    ["128 + n", "ended by signal n; 130 is Ctrl-C"],
  ],
)}

\`exec\` and \`shell\` otherwise end with the exit code of what ran. Durations are written \`90s\`, \`30m\`, \`1h30m\`, \`7d\` (a bare number is seconds), sizes \`512m\`,
\`2g\`.
`;

/** docs/cli.md, from the commands as they are. */
export function reference(program: Command): string {
  return [intro, ...program.commands.flatMap((command) => section(command, "ghost"))].join("\n");
}

function section(command: Command, parent: string): string[] {
  if (command.commands.length > 0) {
    const head = `## ${parent} ${command.name()}\n\n${command.description()}.\n`;
    return [head, ...command.commands.flatMap((child) => section(child, `${parent} ${command.name()}`))];
  }
  const level = parent === "ghost" ? "##" : "###";
  const aliases = command.aliases().length > 0 ? ` Also \`${command.aliases().join("`, `")}\`.` : "";
  const shown = command.createHelp();
  const usage = `${parent} ${command.name()} ${command.usage()}`.trim();
  const options = shown
    .visibleOptions(command)
    .filter((option) => option.long !== "--help")
    .map((option) => [`\`${option.flags}\``, shown.optionDescription(option)]);
  const rows = options.length > 0 ? [`${markdownTable(["Option", ""], options)}\n`] : [];
  return [
    `${level} ${parent} ${command.name()}\n\n${command.description()}.${aliases}\n`,
    `\`\`\`\n${usage}\n\`\`\`\n`,
    ...rows,
    ...more(command),
  ];
}

/** What --help says below the options. */
function more(command: Command): string[] {
  let text = "";
  // A Command is an EventEmitter, though its types do not say so; help texts are listeners.
  const context = { error: false, command, write: (part: string) => (text += part) };
  (command as unknown as EventEmitter).emit("afterHelp", context);
  return text.trim() === "" ? [] : [`\`\`\`text\n${text.replaceAll(/^\n+|\s+$/g, "")}\n\`\`\`\n`];
}

/** As the formatter has it, so that both are content. */
function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows].map((row) => row.map((text) => text.replaceAll("|", "\\|")));
  const widths = head.map((_, i) => Math.max(3, ...cells.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((text, i) => text.padEnd(widths[i] ?? 0)).join(" | ")} |`;
  const [first = [], ...rest] = cells;
  return [line(first), line(widths.map((width) => "-".repeat(width))), ...rest.map(line)].join("\n");
}
