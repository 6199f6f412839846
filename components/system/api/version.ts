import { queryOptions } from "@tanstack/react-query";
import { api } from "../../lib/api.ts";

export const versionQuery = queryOptions({
  queryKey: ["version"],
  queryFn: ({ signal }) => api.system.version({}, { signal }),
  staleTime: 300_000,
});

export const healthQuery = queryOptions({
  queryKey: ["health"],
  queryFn: ({ signal }) => api.system.health({}, { signal }),
  refetchInterval: 15_000,
});
