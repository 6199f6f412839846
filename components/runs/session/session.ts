"use client";
import { api, GhostError, isCode } from "../../lib/api.ts";
import { createStore } from "../../lib/store.ts";
import { sessionEnded } from "../../session/api.ts";
import { followRun } from "./follow-run.ts";
import { OutputLog } from "./output-log.ts";
import { pause } from "./pause.ts";
import type { Stream } from "./replay.ts";
import type { ExecuteInput } from "#contract/executor.ts";
import type { Run } from "#contract/run.ts";

/** The run that is shown, from the press of the button to its verdict. */
export type Session =
  | { readonly state: "none" }
  | { readonly state: "sending" }
  /** There is no place for it: it is sent again at that time. */
  | { readonly state: "refused"; readonly error: GhostError; readonly tryAt: number }
  | {
      readonly state: "live";
      readonly id: string;
      readonly status: "queued" | "running";
      readonly position?: number;
      readonly since: number;
      readonly connected: boolean;
      readonly stopping: boolean;
    }
  | { readonly state: "over"; readonly run: Run }
  | { readonly state: "failed"; readonly error: unknown };

export const views = ["all", "stdout", "stderr", "compiler"] as const;
export type View = (typeof views)[number];
type Logs = Readonly<Record<View, OutputLog>>;

export const session = createStore<Session>({ state: "none" });
/** Told a few times a second while something is written. */
export const output = createStore<{ readonly logs: Logs; readonly version: number }>({
  logs: newLogs(),
  version: 0,
});

const drawMs = 50;
let current = new AbortController();
/** Of what was stopped before the gateway had answered. */
const unwanted = new WeakSet<AbortSignal>();

function newLogs(): Logs {
  return {
    all: new OutputLog(),
    stdout: new OutputLog(),
    stderr: new OutputLog(),
    compiler: new OutputLog(),
  };
}

/** The run whose output is shown. */
export function shownRun(now: Session): string | undefined {
  if (now.state === "live") return now.id;
  return now.state === "over" ? now.run.id : undefined;
}

export const isGoing = ({ state }: Session): boolean =>
  state === "sending" || state === "live" || state === "refused";

/** Forgets what is shown; a run that goes on is left alone. */
export function clearSession(): AbortSignal {
  current.abort();
  current = new AbortController();
  session.set({ state: "none" });
  output.set({ logs: newLogs(), version: 0 });
  return current.signal;
}

/** Sends a program, waits for a place as long as it takes, and shows what comes of it. `began` hears of the run's id. */
export async function startRun(input: ExecuteInput, began: (id: string) => void): Promise<void> {
  const signal = clearSession();
  try {
    for (;;) {
      session.set({ state: "sending" });
      try {
        // Without the signal: a run that is stopped on its way can only be ended once its name is known.
        const { id } = await api.runs.create({ body: { ...input, wait: false } });
        if (unwanted.has(signal)) await api.runs.cancel({ params: { id } });
        if (signal.aborted) return;
        began(id);
        await show(id, signal);
        return;
      } catch (error) {
        if (!(error instanceof GhostError) || error.status !== 429) throw error;
        const wait = 1000 * retryAfter(error);
        session.set({ state: "refused", error, tryAt: Date.now() + wait });
        await pause(wait, signal);
      }
    }
  } catch (error) {
    fail(error, signal);
  }
}

/** A run that there is, whether it goes on or not. */
export async function openRun(id: string): Promise<void> {
  const signal = clearSession();
  try {
    await show(id, signal);
  } catch (error) {
    fail(error, signal);
  }
}

/** Ends the run, or the wait for a place. */
export async function stopRun(): Promise<void> {
  const now = session.get();
  if (now.state === "sending") unwanted.add(current.signal);
  if (now.state === "sending" || now.state === "refused") clearSession();
  if (now.state !== "live" || now.stopping) return;
  session.set({ ...now, stopping: true });
  try {
    await api.runs.cancel({ params: { id: now.id } });
  } catch (error) {
    session.set((then) =>
      then.state === "live" && then.id === now.id ? { ...then, stopping: false } : then,
    );
    throw error;
  }
}

async function show(id: string, signal: AbortSignal): Promise<void> {
  const { logs } = output.get();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const draw = () => {
    clearTimeout(timer);
    timer = undefined;
    if (output.get().logs === logs) output.set(({ version }) => ({ logs, version: version + 1 }));
  };
  const change = (part: Partial<Extract<Session, { state: "live" }>>) =>
    session.set((now) => (now.state === "live" && now.id === id ? { ...now, ...part } : now));
  session.set({
    ...{ state: "live", id, status: "queued", since: Date.now(), connected: true, stopping: false },
  });
  const run = await followRun(
    id,
    {
      status(status, position) {
        if (status !== "queued" && status !== "running") return;
        change({ status, ...(position !== undefined && { position }) });
      },
      output(stream: Stream, text) {
        logs.all.write(stream, text);
        logs[stream].write(stream, text);
        timer ??= setTimeout(draw, drawMs);
      },
      connected(connected) {
        const now = session.get();
        if (now.state === "live" && now.connected !== connected) change({ connected });
      },
    },
    signal,
  );
  draw();
  session.set({ state: "over", run });
}

function fail(error: unknown, signal: AbortSignal): void {
  if (signal.aborted) return;
  if (isCode(error, "unauthenticated")) sessionEnded.set(true);
  session.set({ state: "failed", error });
}

function retryAfter({ details }: GhostError): number {
  const { retryAfter: seconds } = (details ?? {}) as { retryAfter?: unknown };
  return typeof seconds === "number" && seconds > 0 ? Math.min(seconds, 60) : 2;
}
