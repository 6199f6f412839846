import { Problem } from "../lib/problem.ts";

export function connectTerminal(id: string): void {
  throw new Problem("terminal_not_found", `There is no terminal ${id}.`);
}
