import { queryOptions } from "@tanstack/react-query";
import { api } from "../../lib/api.ts";

const everyMs = 2000;

/** A small picture of a cave's desktop, again and again while somebody looks. */
export const thumbnailQuery = (caveId: string) =>
  queryOptions({
    queryKey: ["desktop-thumbnail", caveId],
    queryFn: async ({ signal }) => {
      const response = await api.desktop.thumbnail.stream(
        { params: { cave: caveId }, query: { width: 640 } },
        { signal },
      );
      return response.blob();
    },
    refetchInterval: everyMs,
    staleTime: everyMs,
    gcTime: 10_000,
    retry: false,
  });
