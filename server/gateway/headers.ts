import type { ServerResponse } from "node:http";

/** On every answer of the gateway's own host. Nothing there is framed, sniffed, cached or told to other sites. */
const always = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "x-frame-options": "DENY",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
} as const;

/** Pages of ours: scripts and styles from our own files alone. */
export const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** Pages of ours on the hosts of apps: the dashboard may frame them (that directive is added), and what they draw has styles of its own. */
export const viewerPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; " +
  "connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'none'";

export function setPolicy(response: ServerResponse): void {
  for (const name in always) response.setHeader(name, always[name as keyof typeof always]);
}
