import { infiniteQueryOptions } from "@tanstack/react-query";
import { api } from "../../lib/api.ts";
import type { RunStatus } from "#contract/run.ts";

export interface HistoryFilter {
  readonly language?: string;
  readonly status?: RunStatus;
}

const openMs = 3000;
export const isOpen = (status: RunStatus): boolean => status === "queued" || status === "running";

export const historyKey = ["runs"] as const;

/** One's runs, newest first, a page at a time. */
export const historyQuery = (filter: HistoryFilter) =>
  infiniteQueryOptions({
    queryKey: [...historyKey, filter],
    queryFn: ({ pageParam, signal }) =>
      api.runs.list(
        { query: { ...filter, limit: 25, ...(pageParam !== undefined && { cursor: pageParam }) } },
        { signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    // Nothing tells of a run that somebody else began, or that this page does not show any more.
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ runs }) => runs.some(({ status }) => isOpen(status))) === true
        ? openMs
        : false,
  });
