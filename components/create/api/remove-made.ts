import type { QueryClient } from "@tanstack/react-query";
import { act } from "../../caves/api/act.ts";
import { api, isCode } from "../../lib/api.ts";
import { toastError } from "../../ui/toast.tsx";

/** Deletes what was being made under a name; that there is nothing yet is fine. */
export async function removeMade(client: QueryClient, name: string): Promise<void> {
  try {
    await act(client, await api.caves.get({ params: { cave: name } }), "remove");
  } catch (error) {
    if (!isCode(error, "cave_not_found")) toastError(error, `${name} is still there`);
  }
}
