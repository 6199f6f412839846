import type { Command } from "./store.ts";

/** The commands that have every word of the text, those whose name begins with it first. */
export function rank(commands: readonly Command[], text: string): readonly Command[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return commands.filter(({ whenAsked }) => whenAsked !== true);
  return commands
    .flatMap((command, index) => {
      const score = scoreOf(command, words);
      return score === undefined ? [] : [{ command, score, index }];
    })
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .map(({ command }) => command);
}

function scoreOf({ name, group, words = "" }: Command, wanted: readonly string[]): number | undefined {
  const title = name.toLowerCase();
  const rest = `${group} ${words}`.toLowerCase();
  let score = 0;
  for (const word of wanted) {
    const at = title.indexOf(word);
    if (at === 0) score += 4;
    else if (at > 0) score += /[\s-]/.test(title[at - 1] ?? "") ? 3 : 2;
    else if (isSubsequence(word, title)) score += 1;
    else if (rest.includes(word)) score += 0.5;
    else return undefined;
  }
  return score;
}

function isSubsequence(word: string, text: string): boolean {
  let at = 0;
  for (const letter of text) if (letter === word[at]) at++;
  return at === word.length;
}
