"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { GhostMark } from "../frame/ghost-mark.tsx";
import { GhostError } from "../lib/api.ts";
import { Spinner } from "../ui/spinner.tsx";
import { ErrorNote, rich } from "../ui/states.tsx";
import { signIn } from "./api.ts";
import { SignInForm } from "./sign-in-form.tsx";

/**
 * Opens a session with the link's ticket. It is in the fragment, which browsers send to nobody, and leaves the address bar and the history
 * before it is used.
 */
export function SignInPage({ onDone }: { onDone?: () => void }) {
  const client = useQueryClient();
  const [state, setState] = useState<{ kind: "idle" | "working" } | { kind: "failed"; error: unknown }>({
    kind: "idle",
  });
  const begun = useRef("");

  useEffect(() => {
    function begin() {
      const ticket = new URLSearchParams(location.hash.slice(1)).get("ticket");
      if (ticket === null || ticket === begun.current) return;
      begun.current = ticket;
      history.replaceState(history.state, "", location.pathname + location.search);
      setState({ kind: "working" });
      signIn(client, ticket).then(
        () => onDone?.(),
        (error: unknown) =>
          setState({
            kind: "failed",
            error: error instanceof GhostError ? error : new Error("The gateway does not answer."),
          }),
      );
    }
    begin();
    addEventListener("hashchange", begin);
    return () => removeEventListener("hashchange", begin);
  }, [client, onDone]);

  return (
    <main className="grid min-h-dvh place-items-center px-6 py-12">
      <div className="grid w-full max-w-sm gap-6">
        <header className="grid gap-4">
          <GhostMark className="size-9 text-accent" />
          <div>
            <h1 className="text-xl font-semibold tracking-[-0.015em]">Sign in to Ghost</h1>
            <p role="status" className="mt-1.5 text-sm text-dim">
              {state.kind === "working" ? (
                <span className="inline-flex items-center gap-2">
                  <Spinner /> Signing in …
                </span>
              ) : (
                rich(
                  "Open the sign-in link that `npm run up` prints, or paste it here. Run it again for a fresh one.",
                )
              )}
            </p>
          </div>
        </header>
        {state.kind === "failed" && <ErrorNote error={state.error} />}
        {state.kind !== "working" && <SignInForm {...(onDone && { onDone })} />}
        <noscript>
          <p>Signing in needs JavaScript.</p>
        </noscript>
      </div>
    </main>
  );
}
