import { Boxes, KeyRound, Lock, Play, Server, Settings, type LucideIcon } from "lucide-react";
import type { Scope } from "#contract/scopes.ts";

/** A page that the rail and the palette name. */
export interface Place {
  readonly href: string;
  readonly name: string;
  readonly icon: LucideIcon;
  /** Keys that go there, one after the other. */
  readonly keys: string;
  /** What one must be allowed to see it. */
  readonly scope?: Scope;
  /** At the foot of the rail. */
  readonly foot?: true;
}

export const places: readonly Place[] = [
  { href: "/", name: "Caves", icon: Boxes, keys: "g c" },
  { href: "/runs", name: "Runs", icon: Play, keys: "g r", scope: "runs" },
  { href: "/secrets", name: "Secrets", icon: Lock, keys: "g x", scope: "secrets" },
  { href: "/tokens", name: "Tokens", icon: KeyRound, keys: "g t", scope: "tokens" },
  { href: "/system", name: "System", icon: Server, keys: "g y", scope: "caves:read" },
  { href: "/settings", name: "Settings", icon: Settings, keys: "g s", foot: true },
];

/** The place an address belongs to; a cave's page belongs to the list. */
export function placeOf(pathname: string): Place | undefined {
  if (pathname.startsWith("/caves")) return places[0];
  return places.find(({ href }) => href === pathname);
}
