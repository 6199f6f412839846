"use client";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, type ReactNode } from "react";
import { isCode } from "../lib/api.ts";
import { useStore } from "../lib/store.ts";
import { ErrorState } from "../ui/states.tsx";
import { meQuery, sessionEnded } from "./api.ts";
import { SignInPage } from "./sign-in-page.tsx";

const SessionEnded = lazy(() => import("./session-ended.tsx").then((it) => ({ default: it.SessionEnded })));

/** Who is not signed in signs in where they are: the address stays, and so does what an open page shows. */
export function SessionGate({ children }: { children: ReactNode }) {
  const me = useQuery(meQuery);
  const ended = useStore(sessionEnded);
  const refetch = me.refetch;

  // Signed in meanwhile, in another tab.
  useEffect(() => {
    if (!ended) return;
    const again = () => void refetch().then(({ isSuccess }) => isSuccess && sessionEnded.set(false));
    addEventListener("focus", again);
    return () => removeEventListener("focus", again);
  }, [ended, refetch]);

  if (me.data === undefined && isCode(me.error, "unauthenticated")) return <SignInPage />;
  if (me.data === undefined && me.error !== null)
    return <ErrorState error={me.error} onRetry={() => void refetch()} />;
  return (
    <>
      {children}
      {ended && (
        <Suspense>
          <SessionEnded />
        </Suspense>
      )}
    </>
  );
}
