import { queryOptions } from "@tanstack/react-query";
import { api } from "../../lib/api.ts";

/** What each backend keeps on its disk, by its name. Counting takes an engine a while, so it is asked for once. */
export const diskQuery = queryOptions({
  queryKey: ["disk"],
  queryFn: async ({ signal }) => {
    const { backends } = await api.system.backends({ query: { disk: true } }, { signal });
    return new Map(backends.map(({ name, disk }) => [name, disk]));
  },
  staleTime: 60_000,
});
