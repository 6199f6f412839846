import type { SessionRecord } from "../store/sessions.ts";

/** `__Host-` makes browsers refuse it from any other host, sub-domains too. */
export const cookieName = "__Host-ghost_session";

const idleMs = 24 * 3_600_000;
const absoluteMs = 30 * 24 * 3_600_000;

export function sessionEnd({ createdAt, seenAt }: Pick<SessionRecord, "createdAt" | "seenAt">): Date {
  return new Date(Math.min(seenAt.getTime() + idleMs, createdAt.getTime() + absoluteMs));
}

/** Sessions not used since the first, or made before the second, are over. */
export function sessionLimits(now: Date): [seenBefore: Date, createdBefore: Date] {
  return [new Date(now.getTime() - idleMs), new Date(now.getTime() - absoluteMs)];
}

export function writeCookie(secret: string): string {
  return `${cookieName}=${secret}; Path=/; Max-Age=${absoluteMs / 1000}; HttpOnly; Secure; SameSite=Lax`;
}

export const clearedCookie = `${cookieName}=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax`;

/** Twice the same name is nobody's browser: then there is no session. */
export function readCookie(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const values = header
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${cookieName}=`))
    .map((pair) => pair.slice(cookieName.length + 1));
  return values.length === 1 && /^[A-Za-z0-9_-]{43}$/.test(values[0] ?? "") ? values[0] : undefined;
}
