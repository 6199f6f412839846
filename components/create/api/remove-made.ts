import type { QueryClient } from "@tanstack/react-query";
import { act } from "../../caves/api/act.ts";
import { api, isCode } from "../../lib/api.ts";
import { toastError } from "../../ui/toast.tsx";

/** Deletes what was being made under a name or id; that there is nothing yet is fine. */
export async function removeMade(client: QueryClient, ref: string): Promise<void> {
  try {
    await act(client, await api.caves.get({ params: { cave: ref } }), "remove");
  } catch (error) {
    if (!isCode(error, "cave_not_found")) toastError(error, `${ref} is still there`);
  }
}
