import { isCode } from "../lib/api.ts";
import { sessionEnded } from "../session/api.ts";
import { toastError } from "../ui/toast.tsx";

/** What could not be done, or that one must sign in again first. */
export function tell(error: unknown, what: string): void {
  if (isCode(error, "unauthenticated")) sessionEnded.set(true);
  else toastError(error, what);
}
