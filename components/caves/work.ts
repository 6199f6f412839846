"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { explain } from "../lib/api.ts";
import { act, type RemoveOptions } from "./api/act.ts";
import { verbsFor, verbWords, type Verb } from "./states.ts";
import type { Cave } from "#contract/cave.ts";

/** What became of one cave of several. */
export interface Outcome {
  readonly cave: Cave;
  readonly state: "waiting" | "doing" | "done" | "skipped" | "failed";
  readonly text: string;
}

const atOnce = 4;

/** Does one thing to several caves, a few at a time, and tells of each. Mixed states are fine: what does not apply is left out. */
export function useWork() {
  const client = useQueryClient();
  const [outcomes, setOutcomes] = useState<readonly Outcome[]>([]);
  const stop = useRef<AbortController>(undefined);
  const asked = useRef<RemoveOptions>(undefined);
  useEffect(() => () => stop.current?.abort(), []);

  const start = useCallback(
    async (verb: Verb, caves: readonly Cave[], options = asked.current): Promise<void> => {
      // A second try must not take more than was asked for at first.
      asked.current = options;
      const own = new AbortController();
      stop.current = own;
      const { do: word, doing, done } = verbWords[verb];
      const set = (cave: Cave, state: Outcome["state"], text: string) =>
        setOutcomes((all) => all.map((one) => (one.cave.id === cave.id ? { cave, state, text } : one)));
      setOutcomes(
        caves.map((cave) =>
          verbsFor[cave.state].includes(verb)
            ? { cave, state: "waiting", text: "Waiting" }
            : { cave, state: "skipped", text: `Left out: it is ${cave.state}` },
        ),
      );
      const queue = caves.filter(({ state }) => verbsFor[state].includes(verb)).values();
      const worker = async () => {
        for (const cave of queue) {
          if (own.signal.aborted) {
            set(cave, "skipped", "Not done");
            continue;
          }
          set(cave, "doing", `${doing} …`);
          await act(client, cave, verb, options).then(
            () => set(cave, "done", done),
            (error: unknown) => {
              const { title, hint } = explain(error);
              set(cave, "failed", `${word} failed: ${title} ${hint}`);
            },
          );
        }
      };
      await Promise.all(Array.from({ length: atOnce }, worker));
    },
    [client],
  );
  const cancel = useCallback(() => stop.current?.abort(), []);
  const busy = outcomes.some(({ state }) => state === "waiting" || state === "doing");
  return { outcomes, busy, start, cancel };
}
