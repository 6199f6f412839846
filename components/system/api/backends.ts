import { queryOptions, type QueryClient } from "@tanstack/react-query";
import { api, isCode } from "../../lib/api.ts";

/** Each backend: whether it answers, what it can do, how well it isolates. */
export const backendsQuery = queryOptions({
  queryKey: ["backends"],
  queryFn: async ({ signal }) => (await api.system.backends({}, { signal })).backends,
  staleTime: 30_000,
});

const everyMs = 20_000;
const everyMsWhileAway = 3000;

/** The same, looked at now and then: nothing tells a page that an engine went away. */
export const watchedBackends = queryOptions({
  ...backendsQuery,
  refetchInterval: ({ state }) =>
    state.data?.some(({ reachable }) => !reachable) === true ? everyMsWhileAway : everyMs,
});

/** Something was refused because an engine does not answer: whoever shows that must know at once. */
export function noticeEngine(client: QueryClient, error: unknown): void {
  if (isCode(error, "backend_unavailable"))
    void client.invalidateQueries({ queryKey: backendsQuery.queryKey });
}
