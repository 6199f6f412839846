import { queryOptions } from "@tanstack/react-query";
import { api } from "../../lib/api.ts";

/** Each backend: whether it answers, what it can do, how well it isolates. */
export const backendsQuery = queryOptions({
  queryKey: ["backends"],
  queryFn: async ({ signal }) => (await api.system.backends({}, { signal })).backends,
  staleTime: 30_000,
});
