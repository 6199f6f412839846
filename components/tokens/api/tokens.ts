import { queryOptions } from "@tanstack/react-query";
import { api } from "../../lib/api.ts";

export const tokensQuery = queryOptions({
  queryKey: ["tokens"],
  queryFn: async ({ signal }) => (await api.accounts.listTokens({}, { signal })).tokens,
});
