import type { Metadata } from "next";
import { SignInRoute } from "#components/session/sign-in-route.tsx";

export const metadata: Metadata = { title: "Sign in" };

export default function Page() {
  return <SignInRoute />;
}
