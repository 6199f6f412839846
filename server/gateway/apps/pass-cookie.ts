import type { Pass, Passes } from "../../surfaces/passes.ts";

const name = "__Host-ghost_app";
const month = 30 * 86_400;

/**
 * On the app's host alone, and in the dashboard's frames too: `SameSite=None` because a frame on another site is a third party, `Partitioned` so
 * that browsers take it there. It is worth no more than the session, token or link it names.
 */
export function writePass(passes: Passes, pass: Pass): string {
  return `${name}=${passes.seal(pass)}; Path=/; Max-Age=${month}; HttpOnly; Secure; SameSite=None; Partitioned`;
}

/**
 * At most two that this gateway has sealed. No page can set a `__Host-` cookie for another host, but one host can have two: one of its own, and one
 * of the partition that it is framed in.
 */
export function readPasses(passes: Passes, header: string | undefined): Pass[] {
  if (header === undefined) return [];
  const found: Pass[] = [];
  for (const pair of header.split(";")) {
    const text = pair.trim();
    if (!text.startsWith(`${name}=`)) continue;
    const pass = passes.open(text.slice(name.length + 1));
    if (pass !== undefined) found.push(pass);
    if (found.length === 2) break;
  }
  return found;
}

/** Ghost's own cookies, however somebody spells them: none reaches a cave, and no cave sets one. */
export function isOwnCookie(cookie: string): boolean {
  return /^(__(host|secure)-)?ghost_/i.test(cookie);
}
