import { randomUUID } from "node:crypto";
import { usage } from "./failure.ts";
import { shellWord } from "./options.ts";

export type Language = "python" | "node" | "bash" | "sh";
export const languages = ["python", "node", "bash", "sh"] as const satisfies Language[];

const interpreters: Record<Language, readonly string[]> = {
  python: ["python3", "-c"],
  node: ["node", "-e"],
  bash: ["bash", "-c"],
  sh: ["sh", "-c"],
};

/** What to run: a shell's command line, or a program with its arguments. */
export type What = { command: string } | { argv: string[] };

/** From the words before `--`, those after it, and `--language`. */
export function whatToRun(
  words: readonly string[],
  argv: readonly string[] | undefined,
  language: Language | undefined,
): What {
  if (argv !== undefined && words.length > 0)
    throw usage("Give the command before `--` or after it, not both.");
  if (argv !== undefined && argv.length > 0) {
    if (language)
      throw usage("--language takes code, and no `--`.", `ghost exec my-cave 'print(1)' --language python`);
    return { argv: [...argv] };
  }
  const code = words.join(" ");
  if (code === "") throw usage("There is nothing to run.", "ghost exec my-cave 'ls -l'");
  return language ? { argv: [...interpreters[language], code] } : { command: code };
}

/** As one line for a shell, for where stdin takes the place of the request's body. */
export function commandLine(what: What, env: Readonly<Record<string, string>>): string {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${shellWord(value)}`);
  const head = variables.length > 0 ? `export ${variables.join(" ")}; ` : "";
  return head + ("command" in what ? what.command : `exec ${what.argv.map(shellWord).join(" ")}`);
}

/** Longest command line that goes into a URL; proxies and servers give up on longer ones at 16 KB. */
const maxInUrl = 8000;
export const fitsUrl = (command: string): boolean => encodeURIComponent(command).length <= maxInUrl;

/** A longer one travels as a file that removes itself when it is read. */
export function asScript(command: string): { path: string; script: string; command: string } {
  const path = `/tmp/.ghost-exec-${randomUUID()}`;
  return { path, script: `rm -f -- ${path}\n${command}\n`, command: `. ${path}` };
}
