import { queryOptions, type QueryClient } from "@tanstack/react-query";
import { api } from "../lib/api.ts";
import { createStore } from "../lib/store.ts";
import type { Me } from "#contract/account.ts";
import type { Scope } from "#contract/scopes.ts";

/** Who is signed in, with what rights. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => api.accounts.me({}, { signal }),
  staleTime: 60_000,
});

/** Whether the session ended under a page that was in use. */
export const sessionEnded = createStore(false);

/** The secret part of a sign-in link, or of what a person made of it by copying. */
export function ticketOf(text: string): string | undefined {
  const found = /(?:^|[#&?])ticket=([\w-]{20,200})/.exec(text.trim())?.[1];
  return found ?? (/^[\w-]{43}$/.test(text.trim()) ? text.trim() : undefined);
}

/** Everything is asked again in the new session. */
export async function signIn(client: QueryClient, ticket: string): Promise<void> {
  const before = client.getQueryData(meQuery.queryKey);
  const me = await api.accounts.signIn({ body: { ticket } });
  // What the page shows is somebody else's.
  if (before !== undefined && before.user.id !== me.user.id) {
    location.reload();
    return;
  }
  client.setQueryData(meQuery.queryKey, me);
  sessionEnded.set(false);
  await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "me" });
}

export async function signOut(client: QueryClient): Promise<void> {
  await api.accounts.signOut();
  client.clear();
  location.assign("/sign-in");
}

/** Whether one may: the pages leave out what would only be refused. */
export const may = (me: Me | undefined, scope: Scope): boolean =>
  me !== undefined && (me.scopes.includes("admin") || me.scopes.includes(scope));
