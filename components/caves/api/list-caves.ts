import { queryOptions } from "@tanstack/react-query";
import { api } from "../../lib/api.ts";
import type { Cave } from "#contract/cave.ts";

export const cavesKey = ["caves"] as const;

/** Every cave the caller may see. The live stream keeps it true, so it is asked for once. */
export const cavesQuery = queryOptions({
  queryKey: cavesKey,
  queryFn: async ({ signal }): Promise<readonly Cave[]> => {
    const all: Cave[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await api.caves.list(
        { query: { limit: 500, ...(cursor !== undefined && { cursor }) } },
        { signal },
      );
      all.push(...page.caves);
      cursor = page.nextCursor;
      if (cursor === undefined) return all;
    }
  },
  staleTime: Infinity,
});
