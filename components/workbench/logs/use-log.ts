"use client";
import { useEffect, useState } from "react";
import { api, GhostError } from "../../lib/api.ts";

const kept = 5000;
/** Of one line; a program that prints a megabyte without a break is not read here. */
const longest = 10_000;
const drawMs = 100;
const againMs = 2000;
/** What was there already comes in pieces: for so long they are waited for, so that nothing jumps under somebody who reads. */
const gatherMs = 1000;
/** A connection that has not failed by then is one, although nothing was said on it. */
const calmMs = 1000;

export interface Log {
  readonly lines: readonly string[];
  /** Lines that were dropped at the beginning, so that a line keeps its number. */
  readonly dropped: number;
  readonly state: "loading" | "following" | "waiting" | "ended";
  readonly error: unknown;
}

/** A service's log while somebody sees it: the last of it and then what comes; taken up again when it breaks off. */
export function useLog(cave: string, service: string, seen: boolean, attempt: number): Log {
  const [log, setLog] = useState<Log>({ lines: [], dropped: 0, state: "loading", error: undefined });
  useEffect(() => {
    setLog({ lines: [], dropped: 0, state: "loading", error: undefined });
  }, [cave, service]);

  useEffect(() => {
    if (!seen) return;
    const stop = new AbortController();
    const { signal } = stop;
    const stopped = () => signal.aborted;
    let waiting: string[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    let fresh = true;
    let began = 0;
    const gathering = () => fresh && performance.now() - began < gatherMs;
    const follow = () => setLog((before) => ({ ...before, state: "following", error: undefined }));
    const draw = () => {
      clearTimeout(timer);
      timer = undefined;
      const added = waiting;
      waiting = [];
      const from = fresh;
      fresh = false;
      setLog((before) => {
        const all = from ? added : [...before.lines, ...added];
        const over = Math.max(0, all.length - kept);
        return {
          ...before,
          state: "following",
          error: undefined,
          lines: over > 0 ? all.slice(over) : all,
          dropped: (from ? 0 : before.dropped) + over,
        };
      });
    };

    async function read(): Promise<void> {
      const query = { ...(service !== "" && { service }), tail: kept, follow: true };
      const events = api.caves.logs.events({ params: { cave }, query }, { signal });
      // It begins anew with the last of what there is, in the place of what is shown: nothing is there twice, and nothing is missed.
      fresh = true;
      began = performance.now();
      const calm = setTimeout(follow, calmMs);
      try {
        for await (const one of events) {
          if (one.event === "end") break;
          waiting.push(one.data.length > longest ? `${one.data.slice(0, longest)} …` : one.data);
          if (waiting.length > kept) waiting.splice(0, waiting.length - kept);
          if (gathering()) clearTimeout(timer);
          else if (timer !== undefined) continue;
          timer = setTimeout(draw, drawMs);
        }
        draw();
      } finally {
        clearTimeout(calm);
      }
    }

    void (async () => {
      while (!stopped()) {
        try {
          await read();
        } catch (error) {
          if (stopped()) return;
          const status = error instanceof GhostError ? error.status : 0;
          const lasting = status >= 400 && status < 500;
          // That there was no answer at all is told above every page.
          setLog((before) => ({
            ...before,
            state: lasting ? "ended" : "waiting",
            error: status === 0 ? undefined : error,
          }));
          if (lasting) return;
        }
        setLog((before) => ({ ...before, state: "waiting" }));
        await new Promise((resolve) => setTimeout(resolve, againMs));
      }
    })();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [cave, service, seen, attempt]);
  return log;
}
