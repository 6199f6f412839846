import { queryOptions } from "@tanstack/react-query";
import { api } from "../../lib/api.ts";

/** Names of the caller's secrets; values never come back. */
export const secretsQuery = queryOptions({
  queryKey: ["secrets"],
  queryFn: async ({ signal }) => (await api.accounts.listSecrets({}, { signal })).secrets,
});
