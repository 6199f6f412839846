import { queryOptions } from "@tanstack/react-query";
import { api } from "../../lib/api.ts";

/** What can be run, and how many containers wait for each: those come and go, and no stream tells of them. */
export const languagesQuery = queryOptions({
  queryKey: ["languages"],
  queryFn: ({ signal }) => api.runs.languages({}, { signal }),
  refetchInterval: 10_000,
  staleTime: 2_000,
});
