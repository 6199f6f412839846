import { queryOptions } from "@tanstack/react-query";
import { api } from "../../lib/api.ts";

/** The cave's ports with who may see them; asked again when the live list of those that listen changes. */
export const portsQuery = (cave: string, listening: string) =>
  queryOptions({
    queryKey: ["ports", cave, listening],
    queryFn: ({ signal }) => api.ports.list({ params: { cave } }, { signal }).then(({ ports }) => ports),
    placeholderData: (before) => before,
  });

export const linksQuery = (cave: string, port: number) =>
  queryOptions({
    queryKey: ["ports", cave, "links", port],
    queryFn: ({ signal }) =>
      api.ports.links({ params: { cave, port } }, { signal }).then(({ links }) => links),
  });
