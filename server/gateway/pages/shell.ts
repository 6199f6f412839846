import { createHash } from "node:crypto";

/** The frame of the gateway's own short pages: errors, waiting, a cave that is stopped. They load nothing, so they work on any host. */
const style = `:root{color-scheme:light dark}body{margin:0;min-height:100vh;display:grid;place-items:center;font:16px/1.5 system-ui,sans-serif;\
background:#fff;color:#1c1c1f}main{max-width:34rem;padding:2rem}h1{font-size:1.4rem;margin:0 0 .5rem}p{margin:.5rem 0}small{color:#5c5c66}\
button{font:inherit;margin-top:1rem;padding:.45rem 1rem;border:1px solid transparent;border-radius:6px;background:#0b7a63;color:#fff;cursor:pointer}\
button:disabled{opacity:.6;cursor:default}button:focus-visible{outline:2px solid #0b7a63;outline-offset:2px}\
.dots::after{content:"\\2026"}@media(prefers-color-scheme:dark){body{background:#131316;color:#ececf1}small{color:#a3a3ad}button{background:#3fd0ac;color:#06251d}}\
@media(prefers-reduced-motion:no-preference){.dots{animation:b 2s infinite}@keyframes b{50%{opacity:.45}}}`;

export interface ShellPage {
  title: string;
  /** HTML: what comes from elsewhere must have been through `escapeHtml`. */
  body: string;
  head?: string;
  script?: string;
  /** Who may show it in a frame, as the sources of `frame-ancestors`. */
  frameAncestors: string;
}

/** A page and the policy under which it may do what it does and nothing else. */
export function shell({ title, body, head = "", script, frameAncestors }: ShellPage): {
  html: string;
  policy: string;
} {
  const html =
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">` +
    `<title>${escapeHtml(title)}</title><style>${style}</style>${head}</head><body><main>${body}</main>` +
    `${script === undefined ? "" : `<script>${script}</script>`}</body></html>`;
  const scripts = script === undefined ? "" : `script-src ${hash(script)}; connect-src 'self'; `;
  return {
    html,
    policy: `default-src 'none'; style-src ${styleHash}; ${scripts}base-uri 'none'; form-action 'none'; frame-ancestors ${frameAncestors}`,
  };
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const styleHash = hash(style);
