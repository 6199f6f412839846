import { pathProblem } from "./paths.ts";
import { emptyProgram, limitNames, type LimitName, type Program } from "./program.ts";
import { runBounds, runLeast } from "#contract/run-bounds.ts";
import type { RunBytes } from "#contract/run.ts";

/** A program out of a link or out of this browser's storage: whoever wrote it, only what fits is taken. Undefined when it is none. */
export function readProgram(given: unknown): Program | undefined {
  if (!isRecord(given)) return undefined;
  const { language, code, files = {}, stdin = "", args = "", limits = {}, runtime } = given;
  if (typeof language !== "string" || !/^[\w+#.-]{1,40}$/.test(language)) return undefined;
  if (typeof code !== "string" || code.length > runBounds.code) return undefined;
  if (typeof args !== "string" || !isBytes(stdin) || !isRecord(files) || !isRecord(limits)) return undefined;
  const entries = Object.entries(files);
  if (entries.length > runBounds.files) return undefined;
  const read: Record<string, RunBytes> = {};
  for (const [path, content] of entries) {
    if (pathProblem(path) !== undefined || !isBytes(content)) return undefined;
    read[path] = content;
  }
  return {
    ...emptyProgram(language),
    ...{ code, stdin, args, files: read },
    limits: Object.fromEntries(
      limitNames.flatMap((name) => {
        const value = limits[name];
        return typeof value === "number" && limitProblem(name, value) === undefined ? [[name, value]] : [];
      }),
    ),
    network: given["network"] === true,
    typecheck: given["typecheck"] === true,
    runtime: typeof runtime === "string" && /^[a-z0-9][a-z0-9.-]{0,63}$/.test(runtime) ? runtime : "",
  };
}

const most: Record<LimitName, number> = { ...runBounds, maxOutputBytes: runBounds.outputBytes };
const least: Partial<Record<LimitName, number>> = runLeast;

export const rangeOf = (name: LimitName) => ({ min: least[name] ?? 0, max: most[name] });

export function limitProblem(name: LimitName, value: number): string | undefined {
  const { min, max } = rangeOf(name);
  return Number.isInteger(value) && value >= min && value <= max ? undefined : `From ${min} to ${max}.`;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isBytes = (value: unknown): value is RunBytes =>
  typeof value === "string" ||
  (isRecord(value) &&
    typeof value["base64"] === "string" &&
    /^[A-Za-z0-9+/]*={0,2}$/.test(value["base64"]) &&
    value["base64"].length % 4 === 0);
