import type { IncomingMessage, ServerResponse } from "node:http";
import type { CaveRecord } from "../../caves/cave-record.ts";
import type { AppError } from "../../lib/app-error.ts";
import { ownPath } from "../../surfaces/own-paths.ts";
import { escapeHtml, shell } from "../pages/shell.ts";
import { hopHeader, waitingPage, waitingScript } from "../relay/failure-page.ts";

/** Pages that the gateway shows on an app's host when there is nothing of the app's to show. */
type Page = ReturnType<typeof shell>;

/** For the browser's window or a frame of it; everything else wants data. */
export function isNavigation({ headers, method }: IncomingMessage): boolean {
  if (method !== "GET" && method !== "HEAD") return false;
  const mode = headers["sec-fetch-mode"];
  return mode === undefined ? (headers.accept ?? "").includes("text/html") : mode === "navigate";
}

export function isFramed({ headers }: IncomingMessage): boolean {
  const to = headers["sec-fetch-dest"];
  return to === "iframe" || to === "frame" || to === "embed" || to === "object";
}

/** In a frame on another site's page, where browsers keep no cookies but those of the frame's own partition. */
export function isThirdParty(request: IncomingMessage): boolean {
  return isFramed(request) && request.headers["sec-fetch-site"] === "cross-site";
}

export function sendPage(
  response: ServerResponse,
  status: number,
  { html, policy }: Page,
  hop = "gateway",
): void {
  response.writeHead(status, {
    "content-type": "text/html; charset=utf-8",
    "content-length": Buffer.byteLength(html),
    "content-security-policy": policy,
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    [hopHeader]: hop,
  });
  response.end(html);
}

export function errorPage(error: AppError, frameAncestors: string): Page {
  return shell({
    title: error.message,
    body: `<h1 role="alert">${escapeHtml(error.message)}</h1><p>${escapeHtml(error.hint)}</p><p><small>${error.status} ${error.code}</small></p>`,
    frameAncestors,
  });
}

/** In a frame there is no way to the sign-in page: the dashboard around it is told, and opens the surface again. */
export function signedOutPage(dashboards: readonly string[], frameAncestors: string): Page {
  const tell = `for(const to of ${JSON.stringify(dashboards)})parent.postMessage({type:"ghost:signed-out"},to)`;
  return shell({
    title: "Access has ended",
    body: `<h1>Access has ended</h1><p role="status">Open this surface again from the dashboard.</p>`,
    script: tell,
    frameAncestors,
  });
}

/** A cave that does not run: what is the matter, and for those who may, the way to start it. */
export function cavePage(
  { name, state, stateReason }: CaveRecord,
  mayStart: boolean,
  frameAncestors: string,
): Page {
  if (state === "creating") {
    return waitingPage(
      { title: `${name} is being created`, text: "This page loads by itself when it is ready." },
      "cave",
      frameAncestors,
    );
  }
  const verb = state === "paused" ? "Resume" : "Start";
  const words = {
    stopped: "is stopped",
    paused: "is paused",
    failed: "has failed",
    removing: "is being deleted",
    running: "is starting",
  };
  const can = mayStart && state !== "removing" && state !== "running";
  const reason = stateReason === undefined ? "" : `<p>${escapeHtml(stateReason)}</p>`;
  return shell({
    title: `${name} ${words[state]}`,
    body:
      `<h1>${escapeHtml(name)} ${words[state]}</h1>${reason}` +
      (can
        ? `<p>This page loads by itself when it runs again.</p><button type="button" id="start">${verb} ${escapeHtml(name)}</button><p role="status" id="status"></p>`
        : `<p role="status">This page loads by itself when it runs again.</p>`),
    script: (can ? startScript : "") + waitingScript("cave"),
    frameAncestors,
  });
}

const startScript = `(()=>{const button=document.getElementById("start"),status=document.getElementById("status");button.addEventListener("click",async()=>{\
button.disabled=true;status.textContent="Starting\\u2026";try{const answer=await fetch("${ownPath.start}",{method:"POST"});if(answer.ok)return;\
const {error}=await answer.json();status.textContent=error.message+" "+error.hint}catch{status.textContent="The gateway did not answer. Try again."}button.disabled=false})})();`;
