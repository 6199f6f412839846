import type { IncomingMessage, ServerResponse } from "node:http";
import { sendJson } from "../../api/answer.ts";
import { ownPath } from "../../surfaces/own-paths.ts";
import { shell } from "../pages/shell.ts";
import { sendPage } from "./own-pages.ts";

/** Kept by browsers under the same conditions as the pass of an app. */
const cookie = "__Host-ghost_check=1";
const attributes = "Path=/; Max-Age=60; HttpOnly; Secure; SameSite=None; Partitioned";

/**
 * What the dashboard's self-test shows in a frame: that it loads proves the name, the proxy and the certificate, and then it tells the page around
 * it whether the browser sent its cookie back. It needs no cave, and says nothing of any.
 */
export function serveCheck(
  request: IncomingMessage,
  response: ServerResponse,
  answer: boolean,
  { own, frameAncestors }: { own: readonly string[]; frameAncestors: string },
): void {
  if (answer) {
    const came = (request.headers.cookie ?? "").split(";").some((one) => one.trim() === cookie);
    response.setHeader("cache-control", "no-store");
    sendJson(response, 200, { cookie: came });
    return;
  }
  response.setHeader("set-cookie", `${cookie}; ${attributes}`);
  const page = shell({ title: "Self-test", body: "<h1>Self-test</h1>", script: script(own), frameAncestors });
  sendPage(response, 200, page);
}

const script = (
  dashboards: readonly string[],
) => `(async()=>{const {cookie}=await (await fetch("${ownPath.check}?answer",{cache:"no-store"})).json();\
for(const to of ${JSON.stringify(dashboards)})parent.postMessage({type:"ghost:check",cookie},to)})()`;
