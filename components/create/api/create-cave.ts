"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { cavesKey } from "../../caves/api/list-caves.ts";
import { api, isCode } from "../../lib/api.ts";
import { noticeEngine } from "../../system/api/backends.ts";
import type { StageStatus } from "../stage-list.tsx";
import type { Cave, CreateCaveInput, Progress, StartStage } from "#contract/cave.ts";

export const stages: readonly { stage: StartStage; name: string }[] = [
  { stage: "image", name: "Image" },
  { stage: "create", name: "Create" },
  { stage: "start", name: "Start" },
  { stage: "ready", name: "Ready to use" },
];

export interface StageState {
  readonly status: StageStatus;
  /** Since the creation began. */
  readonly fromMs?: number;
  readonly toMs?: number;
}

export interface Creation {
  readonly status: "idle" | "going" | "done" | "failed";
  readonly startedAt: number;
  /** Of the cave, once it is known. */
  readonly id?: string;
  readonly stages: Readonly<Record<StartStage, StageState>>;
  readonly log: readonly { stage: StartStage; text: string; ms: number }[];
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
export function advance(now: Creation, { cave: id, stage, status, message, elapsedMs }: Progress): Creation {
  const before = now.stages[stage];
  const after: StageState =
    status === "done"
      ? { ...before, fromMs: before.fromMs ?? elapsedMs, status: "done", toMs: elapsedMs }
      : { ...before, status: "going", fromMs: before.fromMs ?? elapsedMs };
  return {
    ...now,
    id,
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

/**
 * Makes a cave and follows it until it can be used. Leaving the page does not stop it: the gateway goes on. One that cannot be made stays in the list with
 * its reason, and makes room for the next try.
 */
export function useCreateCave() {
  const client = useQueryClient();
  const [creation, setCreation] = useState(idle);
  const stop = useRef<AbortController>(undefined);
  useEffect(() => () => stop.current?.abort(), []);
  /** What a try that failed has left. */
  const left = useRef<string>(undefined);

  const start = useCallback(
    async (body: CreateCaveInput): Promise<Cave | undefined> => {
      stop.current?.abort();
      const own = new AbortController();
      stop.current = own;
      setCreation({ ...idle, status: "going", startedAt: Date.now() });
      try {
        const headers = { "Idempotency-Key": crypto.randomUUID() };
        const query = { onFailure: "keep" } as const;
        if (left.current !== undefined) await removeFailed(left.current, own.signal);
        left.current = undefined;
        for await (const { event, data } of api.caves.create.events(
          { body, headers, query },
          { signal: own.signal },
        )) {
          if (own.signal.aborted) return undefined;
          if (event === "progress") {
            left.current = data.cave;
            setCreation((now) => advance(now, data));
          } else {
            left.current = undefined;
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

/** Only if it has failed, and it leaves what it was to take over from an earlier cave of its name. */
async function removeFailed(id: string, signal: AbortSignal): Promise<void> {
  const { caves } = await api.caves.list({ query: { q: id, state: "failed" } }, { signal });
  if (!caves.some((cave) => cave.id === id)) return;
  try {
    await api.caves.remove({ params: { cave: id }, query: { keepWorkspace: true } }, { signal });
  } catch (error) {
    if (!isCode(error, "cave_not_found")) throw error;
  }
}
