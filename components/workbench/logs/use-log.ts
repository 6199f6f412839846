"use client";
import { useEffect, useState } from "react";
import { api, GhostError } from "../../lib/api.ts";

const kept = 5000;
/** Of one line; a program that prints a megabyte without a break is not read here. */
const longest = 10_000;
const drawMs = 100;
const againMs = 2000;

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
    const draw = () => {
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
          lines: over > 0 ? all.slice(over) : all,
          dropped: (from ? 0 : before.dropped) + over,
        };
      });
    };

    async function read(): Promise<void> {
      const query = { ...(service !== "" && { service }), tail: kept, follow: true };
      const events = api.caves.logs.events({ params: { cave }, query }, { signal });
      fresh = true;
      setLog((before) => ({ ...before, state: "following", error: undefined }));
      for await (const one of events) {
        if (one.event === "end") break;
        waiting.push(one.data.length > longest ? `${one.data.slice(0, longest)} …` : one.data);
        if (waiting.length > kept) waiting.splice(0, waiting.length - kept);
        timer ??= setTimeout(draw, drawMs);
      }
      if (timer === undefined) draw();
    }

    void (async () => {
      while (!stopped()) {
        try {
          await read();
        } catch (error) {
          if (stopped()) return;
          const lasting = error instanceof GhostError && error.status >= 400 && error.status < 500;
          setLog((before) => ({ ...before, state: lasting ? "ended" : "waiting", error }));
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
