"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { cavesKey } from "../../caves/api/list-caves.ts";
import { api } from "../../lib/api.ts";
import { toastError } from "../../ui/toast.tsx";
import type { Cave } from "#contract/cave.ts";

export type Verb = "start" | "stop" | "restart" | "pause" | "resume";
const doing = {
  start: "started",
  stop: "stopped",
  restart: "restarted",
  pause: "paused",
  resume: "resumed",
} as const;

export interface Move {
  readonly verb: Verb;
  /** Another limit than it had, from then on. */
  readonly memoryMb?: number;
}

/** Starts, stops or pauses a cave; what it answers is in the list at once. */
export function useMove({ id, name }: Cave) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ verb, memoryMb }: Move) => {
      const at = { params: { cave: id } };
      if (memoryMb !== undefined) await api.caves.patch({ ...at, body: { limits: { memoryMb } } });
      return api.caves[verb](at);
    },
    onSuccess: (moved) =>
      client.setQueryData<readonly Cave[]>(cavesKey, (caves) =>
        caves?.map((one) => (one.id === id ? moved : one)),
      ),
    onError: (error, { verb }) => toastError(error, `${name} was not ${doing[verb]}`),
  });
}
