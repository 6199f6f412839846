import type { IncomingMessage } from "node:http";
import { escapeHtml, shell } from "../pages/shell.ts";
import type { FailureReport } from "./failure.ts";
import type { RelayTarget } from "./target.ts";

/** On every answer that is not the target's own: the hop that it is from, or waited for. */
export const hopHeader = "Ghost-Hop";

/** Loads again as soon as the hop is another one: the target itself, or the next thing to wait for. */
export const waitingScript = (
  hop: string,
) => `(()=>{let wait=250;const look=async()=>{try{const answer=await fetch(location.href,{method:"HEAD",cache:"no-store",redirect:"manual"});\
if(answer.headers.get("${hopHeader}")!=="${hop}"){location.reload();return}}catch{}wait=Math.min(wait*1.5,5000);setTimeout(look,wait)};setTimeout(look,wait);\
document.addEventListener("visibilitychange",()=>{if(!document.hidden)wait=250})})()`;

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
  const frameAncestors = target.frameAncestors ?? "'self'";
  const waiting = report.code === "app_not_listening" && isLoad(req) ? target.waiting : undefined;
  const { html, policy } = waiting
    ? waitingPage(waiting, report.hop, frameAncestors)
    : errorPage(report, frameAncestors);
  headers.push(
    "Content-Type",
    "text/html; charset=utf-8",
    "Content-Security-Policy",
    policy,
    "Referrer-Policy",
    "no-referrer",
  );
  return { status: report.status, headers, body: html };
}

/** Loads again by itself as soon as it is the target that answers. */
export function waitingPage(
  { title, text }: { title: string; text: string },
  hop: string,
  frameAncestors: string,
) {
  return shell({
    title,
    body: `<h1 class="dots">${escapeHtml(title)}</h1><p role="status">${escapeHtml(text)}</p>`,
    head: `<noscript><meta http-equiv="refresh" content="5"></noscript>`,
    script: waitingScript(hop),
    frameAncestors,
  });
}

function errorPage({ status, code, message, hint }: FailureReport, frameAncestors: string) {
  return shell({
    title: message,
    body: `<h1 role="alert">${escapeHtml(message)}</h1><p>${escapeHtml(hint)}</p><p><small>${status} ${code}</small></p>`,
    frameAncestors,
  });
}

/** A browser that goes to an address says so; what has no such header is judged by what it accepts. */
export function wantsPage(req: IncomingMessage): boolean {
  const mode = req.headers["sec-fetch-mode"];
  if (mode !== undefined) return mode === "navigate";
  return (req.headers.accept ?? "").includes("text/html");
}

function isLoad(req: IncomingMessage): boolean {
  return req.method === "GET" || req.method === "HEAD";
}
