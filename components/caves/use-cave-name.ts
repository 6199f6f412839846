"use client";
import { usePathname } from "next/navigation";
import { useHydrated } from "../lib/use-hydrated.ts";

/**
 * The cave that the address names. All caves' pages are one exported file, so the route's own parameter is always `_`: the address is what
 * counts, and it is known only in the browser.
 */
export function useCaveName(): string | undefined {
  const pathname = usePathname();
  const hydrated = useHydrated();
  return hydrated ? /^\/caves\/([^/]+)$/.exec(pathname)?.[1] : undefined;
}
