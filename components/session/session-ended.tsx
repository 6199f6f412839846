"use client";
import { Dialog } from "../ui/dialog.tsx";
import { rich } from "../ui/states.tsx";
import { SignInForm } from "./sign-in-form.tsx";

/** Over the page as it was when its session ended. */
export function SessionEnded() {
  return (
    <Dialog
      open
      onOpenChange={() => undefined}
      stay
      title="Your session has ended"
      description={rich(
        "What you see is as it was. Run `npm run up` for a fresh sign-in link and paste it here to go on.",
      )}
    >
      <SignInForm />
    </Dialog>
  );
}
