"use client";
import { useRouter } from "next/navigation";
import { useCallback } from "react";
import { SignInPage } from "./sign-in-page.tsx";

/** The page that sign-in links lead to; from there to where somebody was on their way, or to the caves. */
export function SignInRoute() {
  const router = useRouter();
  const onDone = useCallback(() => {
    const next = nextOf(location.search);
    // The gateway's own redirects are no pages of the dashboard.
    if (next === undefined) router.replace("/");
    else location.replace(next);
  }, [router]);
  return <SignInPage onDone={onDone} />;
}

/** A path of this origin alone: two slashes, or a backslash, would name another. */
export function nextOf(search: string): string | undefined {
  const next = new URLSearchParams(search).get("next") ?? "";
  return /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(next) ? next : undefined;
}
