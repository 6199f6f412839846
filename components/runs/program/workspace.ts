"use client";
import { createStore } from "../../lib/store.ts";
import { emptyProgram, type Program } from "./program.ts";
import { readProgram } from "./read-program.ts";

/** What is in the editor, one program for each language, and what it took the place of. */
export interface Workspace {
  readonly language: string;
  readonly programs: Readonly<Record<string, Program>>;
  /** Counts what was put into the editor from outside of it. */
  readonly revision: number;
  /** What there is to say of where the program came from. */
  readonly opened?: string;
  /** What it took the place of, if somebody had written that. */
  readonly before?: Program;
  /** The run whose output is shown. */
  readonly runId?: string;
  /** It is too large to be kept when the page is left. */
  readonly unkept?: true;
}

const storageKey = "ghost.runs.draft";
/** Browsers give a page five million letters in all. */
const mostKept = 1_500_000;
const keepAfterMs = 400;

export const workspace = createStore<Workspace>({ language: "", programs: {}, revision: 0 });

/** Programs nobody has touched: choosing another one loses nothing. */
const untouched = new WeakSet<Program>();

export const programNow = (): Program => currentOf(workspace.get());
export const currentOf = ({ language, programs }: Workspace): Program =>
  programs[language] ?? emptyProgram(language);

/** What somebody types. */
export function edit(change: Partial<Program>): void {
  workspace.set((now) => ({
    ...now,
    programs: { ...now.programs, [now.language]: { ...currentOf(now), ...change } },
  }));
}

/** Something else in the editor. What somebody had written there can be brought back; else it goes without saying, unless it is a stranger's. */
export function openProgram(program: Program, opened: string, strange = false): void {
  untouched.add(program);
  workspace.set((now) => {
    const { before: _, runId: _run, opened: _opened, ...rest } = now;
    const old = now.programs[program.language];
    const written = old && !untouched.has(old) && old.code.trim() !== "";
    return {
      ...rest,
      language: program.language,
      programs: { ...now.programs, [program.language]: program },
      revision: now.revision + 1,
      ...((written || strange) && { opened }),
      ...(written && { before: old }),
    };
  });
}

export function bringBack(): void {
  workspace.set(({ before, opened: _, ...now }) =>
    before === undefined
      ? now
      : {
          ...now,
          language: before.language,
          programs: { ...now.programs, [before.language]: before },
          revision: now.revision + 1,
        },
  );
}

export function dismissOpened(): void {
  workspace.set(({ before: _, opened: _opened, ...now }) => now);
}

/** Each language has its own program: changing to and fro loses nothing. */
export function chooseLanguage(language: string, first: () => Program): void {
  const now = workspace.get();
  if (now.language === language) return;
  const known = now.programs[language];
  const program = known ?? first();
  if (!known) untouched.add(program);
  workspace.set(({ before: _, opened: _opened, ...rest }) => ({
    ...rest,
    language,
    programs: { ...rest.programs, [language]: program },
    revision: rest.revision + 1,
  }));
}

export const showRun = (runId: string): void => workspace.set((now) => ({ ...now, runId }));

let loaded = false;

/** Takes up what was there when the page was left; once, as what is here is newer than what was kept. */
export function loadWorkspace(): void {
  if (loaded) return;
  loaded = true;
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? "null");
    const { programs, language, runId } = (stored ?? {}) as Record<string, unknown>;
    if (!Array.isArray(programs) || typeof language !== "string") return;
    const read = programs.slice(0, 50).flatMap((one) => readProgram(one) ?? []);
    workspace.set((now) => ({
      ...now,
      language,
      programs: Object.fromEntries(read.map((one) => [one.language, one])),
      ...(typeof runId === "string" && /^run-[a-z2-7]{16}$/.test(runId) && { runId }),
    }));
  } catch {
    // storage is switched off, or somebody else wrote there
  }
}

/** What is kept: all of it, or as much as has room, the program in the editor first. */
export function packed({ language, programs, runId }: Workspace, most = mostKept): string | undefined {
  const others = Object.values(programs).filter((one) => one.language !== language);
  const current = programs[language];
  for (const kept of [[...others, current], [current]]) {
    const text = JSON.stringify({ language, runId, programs: kept.filter((one) => one !== undefined) });
    if (text.length <= most) return text;
  }
  return undefined;
}

/** Whether it is kept now: there may be too much of it, no room, or no storage at all. */
function store(text: string | undefined): boolean {
  if (text === undefined) return false;
  try {
    localStorage.setItem(storageKey, text);
    return true;
  } catch {
    return false;
  }
}

/** Keeps every change in this browser until the signal ends it. */
export function keepWorkspace(signal: AbortSignal): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const keep = () => {
    clearTimeout(timer);
    timer = undefined;
    const kept = store(packed(workspace.get()));
    workspace.set((now) => {
      if (kept !== (now.unkept === true)) return now;
      const { unkept: _, ...rest } = now;
      return kept ? rest : { ...rest, unkept: true };
    });
  };
  const stop = workspace.subscribe(() => {
    timer ??= setTimeout(keep, keepAfterMs);
  });
  const leave = () => {
    if (timer !== undefined) keep();
  };
  addEventListener("pagehide", leave, { signal });
  signal.addEventListener("abort", () => {
    leave();
    stop();
  });
}
