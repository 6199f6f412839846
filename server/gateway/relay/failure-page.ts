import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { FailureReport } from "./failure.ts";
import type { RelayTarget } from "./target.ts";

/** Present on every answer that the relay gives by itself: the waiting page goes on waiting as long as it sees it. */
export const hopHeader = "Ghost-Hop";

const style = `:root{color-scheme:light dark}body{margin:0;min-height:100vh;display:grid;place-items:center;font:16px/1.5 system-ui,sans-serif;\
background:#fff;color:#1c1c1f}main{max-width:34rem;padding:2rem}h1{font-size:1.4rem;margin:0 0 .5rem}p{margin:.5rem 0}small{color:#5c5c66}\
.dots::after{content:"\\2026"}@media(prefers-color-scheme:dark){body{background:#131316;color:#ececf1}small{color:#a3a3ad}}\
@media(prefers-reduced-motion:no-preference){.dots{animation:b 2s infinite}@keyframes b{50%{opacity:.45}}}`;

const script = `(()=>{let wait=250;const look=async()=>{try{const answer=await fetch(location.href,{method:"HEAD",cache:"no-store",redirect:"manual"});\
if(!answer.headers.has("${hopHeader}")){location.reload();return}}catch{}wait=Math.min(wait*1.5,5000);setTimeout(look,wait)};setTimeout(look,wait);\
document.addEventListener("visibilitychange",()=>{if(!document.hidden)wait=250})})()`;

const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const styleHash = hash(style);
const scriptHash = hash(script);

export interface OwnAnswer {
  status: number;
  headers: string[];
  body: string;
}

/** What the relay answers by itself: a page for browsers, JSON for everybody else. */
export function ownAnswer(req: IncomingMessage, report: FailureReport, target: RelayTarget): OwnAnswer {
  const headers = [
    "Cache-Control",
    "no-store",
    hopHeader,
    report.hop,
    "X-Content-Type-Options",
    "nosniff",
    "Vary",
    "Accept",
  ];
  if (report.code === "app_busy") headers.push("Retry-After", "1");
  if (!wantsPage(req)) {
    const { code, message, hint, hop } = report;
    // The clients of Stainless look at this before they look at the status.
    if (report.status === 424) headers.push("X-Should-Retry", "false");
    headers.push("Content-Type", "application/json");
    return {
      status: report.status,
      headers,
      body: JSON.stringify({ error: { code, message, hint, details: { hop } } }),
    };
  }
  const waiting = report.code === "app_not_listening" && isLoad(req) ? target.waiting : undefined;
  headers.push(
    "Content-Type",
    "text/html; charset=utf-8",
    "Content-Security-Policy",
    `default-src 'none'; style-src ${styleHash}; ${waiting ? `script-src ${scriptHash}; connect-src 'self'; ` : ""}` +
      `base-uri 'none'; form-action 'none'; frame-ancestors ${target.frameAncestors ?? "'self'"}`,
    "Referrer-Policy",
    "no-referrer",
  );
  return { status: report.status, headers, body: waiting ? waitingPage(waiting) : errorPage(report) };
}

function waitingPage({ title, text }: { title: string; text: string }): string {
  return page(
    title,
    `<h1 class="dots">${escape(title)}</h1><p role="status">${escape(text)}</p>`,
    `<noscript><meta http-equiv="refresh" content="5"></noscript>`,
    `<script>${script}</script>`,
  );
}

function errorPage({ status, code, message, hint }: FailureReport): string {
  return page(
    message,
    `<h1 role="alert">${escape(message)}</h1><p>${escape(hint)}</p><p><small>${status} ${code}</small></p>`,
  );
}

function page(title: string, body: string, head = "", end = ""): string {
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">` +
    `<title>${escape(title)}</title><style>${style}</style>${head}</head><body><main>${body}</main>${end}</body></html>`
  );
}

function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** A browser that goes to an address says so; what has no such header is judged by what it accepts. */
function wantsPage(req: IncomingMessage): boolean {
  const mode = req.headers["sec-fetch-mode"];
  if (mode !== undefined) return mode === "navigate";
  return (req.headers.accept ?? "").includes("text/html");
}

function isLoad(req: IncomingMessage): boolean {
  return req.method === "GET" || req.method === "HEAD";
}
