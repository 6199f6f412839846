"use client";
import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { api } from "../../lib/api.ts";
import { createStore, useStore } from "../../lib/store.ts";
import { noticeEngine } from "../../system/api/backends.ts";
import { toast, toastError } from "../../ui/toast.tsx";
import { verbWords, type Verb } from "../states.ts";
import { cavesKey } from "./list-caves.ts";
import type { Cave } from "#contract/cave.ts";

/** What is being done to which cave at the moment, by this page. */
const doing = createStore<ReadonlyMap<string, Verb>>(new Map());
export const useDoing = (caveId: string): Verb | undefined => useStore(doing).get(caveId);

export interface RemoveOptions {
  keepWorkspace?: boolean;
}

/** Does it, and writes what came of it to the list; throws what the gateway says. */
export async function act(
  client: QueryClient,
  cave: Cave,
  verb: Verb,
  { keepWorkspace = false }: RemoveOptions = {},
  signal?: AbortSignal,
): Promise<void> {
  const set = (change: (now: Map<string, Verb>) => void) =>
    doing.set((now) => {
      const next = new Map(now);
      change(next);
      return next;
    });
  set((now) => now.set(cave.id, verb));
  try {
    const params = { cave: cave.id };
    if (verb === "remove") {
      await api.caves.remove({ params, query: { keepWorkspace } }, { signal });
      client.setQueryData<readonly Cave[]>(cavesKey, (caves) => caves?.filter(({ id }) => id !== cave.id));
    } else {
      const after = await api.caves[verb]({ params }, { signal });
      client.setQueryData<readonly Cave[]>(cavesKey, (caves) =>
        caves?.map((one) => (one.id === after.id ? after : one)),
      );
    }
  } finally {
    set((now) => now.delete(cave.id));
  }
}

/** The same for a button: what fails is told in the corner. */
export function useAct(): (cave: Cave, verb: Verb) => void {
  const client = useQueryClient();
  return useCallback(
    (cave, verb) => {
      act(client, cave, verb).then(
        () => toast({ key: `act ${cave.id}`, tone: "ok", title: `${verbWords[verb].done}: ${cave.name}` }),
        (error: unknown) => {
          noticeEngine(client, error);
          toastError(error, `${cave.name} could not be ${verbWords[verb].done.toLowerCase()}`);
        },
      );
    },
    [client],
  );
}
