import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pagePolicy } from "./headers.ts";

/** Answers a path that is one of our pages; false when it is none. */
export type Pages = (path: string, request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

interface Page {
  readonly type: string;
  readonly file: string;
}

const own = (name: string) => join(import.meta.dirname, "pages", name);
const html = "text/html; charset=utf-8";
const script = "text/javascript; charset=utf-8";
const style = "text/css; charset=utf-8";

/** Every file there is to ask for. Nothing in a path ever names a file. */
function pageList(): Record<string, Page> {
  const viewer = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
  return {
    "/docs": { type: html, file: own("docs.html") },
    "/pages/docs.js": { type: script, file: own("docs.js") },
    "/pages/pages.css": { type: style, file: own("pages.css") },
    "/pages/swagger-ui.css": { type: style, file: join(viewer, "swagger-ui.css") },
    "/pages/swagger-ui-bundle.js": { type: script, file: join(viewer, "swagger-ui-bundle.js") },
  };
}

/** The pages of the gateway itself; what is none of them is asked of the dashboard. */
export function createPages(dashboard: Pages): Pages {
  const pages = new Map(Object.entries(pageList()));
  const loaded = new Map<string, Promise<{ bytes: Buffer; etag: string }>>();

  const load = (file: string) => {
    let one = loaded.get(file);
    if (one === undefined) {
      one = readFile(file).then((bytes) => ({
        bytes,
        etag: `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`,
      }));
      loaded.set(file, one);
    }
    return one;
  };

  return async (path, request, response) => {
    const page = pages.get(path);
    if (page === undefined) return dashboard(path, request, response);
    const { bytes, etag } = await load(page.file);
    response.setHeader("cache-control", "no-cache");
    response.setHeader("content-security-policy", pagePolicy);
    response.setHeader("etag", etag);
    if (request.headers["if-none-match"] === etag) response.writeHead(304).end();
    else response.writeHead(200, { "content-type": page.type, "content-length": bytes.length }).end(bytes);
    return true;
  };
}
