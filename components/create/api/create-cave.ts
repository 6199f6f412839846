"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { cavesKey } from "../../caves/api/list-caves.ts";
import { api } from "../../lib/api.ts";
import { noticeEngine } from "../../system/api/backends.ts";
import type { Cave, CreateCaveInput, Progress } from "#contract/cave.ts";

export type Stage = Progress["stage"];
export const stages: readonly { stage: Stage; name: string }[] = [
  { stage: "image", name: "Image" },
  { stage: "create", name: "Create" },
  { stage: "start", name: "Start" },
  { stage: "ready", name: "Ready to use" },
];

export interface StageState {
  readonly status: "waiting" | "going" | "done" | "failed";
  /** Since the creation began. */
  readonly fromMs?: number;
  readonly toMs?: number;
}

export interface Creation {
  readonly status: "idle" | "going" | "done" | "failed";
  readonly startedAt: number;
  readonly stages: Readonly<Record<Stage, StageState>>;
  readonly log: readonly { stage: Stage; text: string; ms: number }[];
  readonly error?: unknown;
  readonly cave?: Cave;
}

const waiting: StageState = { status: "waiting" };
export const idle: Creation = {
  status: "idle",
  startedAt: 0,
  stages: { image: waiting, create: waiting, start: waiting, ready: waiting },
  log: [],
};
const keptLines = 500;

/** What one more word about the progress makes of it. */
export function advance(now: Creation, { stage, status, message, elapsedMs }: Progress): Creation {
  const before = now.stages[stage];
  const after: StageState =
    status === "done"
      ? { ...before, fromMs: before.fromMs ?? elapsedMs, status: "done", toMs: elapsedMs }
      : { ...before, status: "going", fromMs: before.fromMs ?? elapsedMs };
  return {
    ...now,
    stages: { ...now.stages, [stage]: after },
    log:
      message === undefined
        ? now.log
        : [...now.log, { stage, text: message, ms: elapsedMs }].slice(-keptLines),
  };
}

export function fail(now: Creation, error: unknown): Creation {
  const stages = Object.fromEntries(
    Object.entries(now.stages).map(([stage, state]) => [
      stage,
      state.status === "going" ? { ...state, status: "failed" } : state,
    ]),
  ) as Creation["stages"];
  return { ...now, status: "failed", error, stages };
}

/** Makes a cave and follows it until it can be used. Leaving the page does not stop it: the gateway goes on. */
export function useCreateCave() {
  const client = useQueryClient();
  const [creation, setCreation] = useState(idle);
  const stop = useRef<AbortController>(undefined);
  useEffect(() => () => stop.current?.abort(), []);

  const start = useCallback(
    async (body: CreateCaveInput): Promise<Cave | undefined> => {
      stop.current?.abort();
      const own = new AbortController();
      stop.current = own;
      setCreation({ ...idle, status: "going", startedAt: Date.now() });
      try {
        const headers = { "Idempotency-Key": crypto.randomUUID() };
        for await (const { event, data } of api.caves.create.events(
          { body, headers },
          { signal: own.signal },
        )) {
          if (own.signal.aborted) return undefined;
          if (event === "progress") setCreation((now) => advance(now, data));
          else {
            setCreation((now) => ({ ...now, status: "done", cave: data }));
            client.setQueryData<readonly Cave[]>(cavesKey, (caves) =>
              caves?.some(({ id }) => id === data.id) ? caves : [...(caves ?? []), data],
            );
            return data;
          }
        }
      } catch (error) {
        if (own.signal.aborted) return undefined;
        noticeEngine(client, error);
        setCreation((now) => fail(now, error));
      }
      return undefined;
    },
    [client],
  );
  const reset = useCallback(() => {
    stop.current?.abort();
    setCreation(idle);
  }, []);
  return { creation, start, reset };
}
