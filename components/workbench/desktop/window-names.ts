import type { DesktopWindow } from "#contract/cave.ts";

const mostTitle = 80;
const mostNamed = 3;

/** What browsers call a window before its first page has loaded. */
const blank = /^(?:Untitled|New Tab|about:blank) - (?=.)/;

export function windowName({ title, class: program }: DesktopWindow): string {
  const name = title.replace(blank, "") || program || "untitled";
  const shown = Array.from(name).slice(0, mostTitle).join("");
  return shown === name ? name : `${shown}…`;
}

/** The first few, and how many more there are. */
export function listed(names: ReadonlySet<string>): string {
  const more = names.size - mostNamed;
  const named = [...names].slice(0, mostNamed).join(", ");
  return more > 0 ? `${named} and ${more} more` : named;
}
