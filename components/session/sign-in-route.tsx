"use client";
import { useRouter } from "next/navigation";
import { useCallback } from "react";
import { SignInPage } from "./sign-in-page.tsx";

/** The page that sign-in links lead to; from there to the caves. */
export function SignInRoute() {
  const router = useRouter();
  return <SignInPage onDone={useCallback(() => router.replace("/"), [router])} />;
}
