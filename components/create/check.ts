import { toInput, fieldOf, type Draft, type Problems } from "./draft.ts";
import { CreateCave } from "#contract/cave.ts";

/** The same rules as the gateway's, so that a slip is told beside its field and before anything is sent. */
export function check(draft: Draft): Problems {
  const problems: Problems = {};
  const names = draft.env.map(({ name }) => name).filter(Boolean);
  if (new Set(names).size < names.length) problems.env = "Two variables have the same name.";
  if (draft.network === "allow" && draft.allow.trim() === "") problems.allow = "Name at least one host.";
  const parsed = CreateCave.safeParse(toInput(draft));
  for (const { path, message } of parsed.error?.issues ?? []) {
    problems[fieldOf(path.join("."))] ??=
      path[0] === "env" ? `${String(path[1] ?? "")}: ${message}` : message;
  }
  return problems;
}
