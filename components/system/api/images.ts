import { queryOptions } from "@tanstack/react-query";
import { api } from "../../lib/api.ts";
import type { ImageBuild } from "#contract/system.ts";

export const imagesKey = ["images"] as const;

/** How far the cave images are; kept true by the live stream. */
export const imagesQuery = queryOptions({
  queryKey: imagesKey,
  queryFn: async ({ signal }): Promise<readonly ImageBuild[]> =>
    (await api.system.images({}, { signal })).images,
  staleTime: Infinity,
});
