import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import { pagePolicy, viewerPolicy } from "./headers.ts";

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
const types: Record<string, string> = {
  ".html": html,
  ".js": script,
  ".css": style,
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

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
  const files = createFiles(pageList(), pagePolicy);
  return async (path, request, response) =>
    (await files(path, request, response)) || dashboard(path, request, response);
}

/** A surface's own page, as `scripts/build-viewers.ts` has made it. Terminals and desktops are drawn with styles that scripts set. */
export function createViewer(name: string, frameAncestors: string): Pages {
  const folder = join(import.meta.dirname, "../../dist/viewers", name);
  const pages: Record<string, Page> = {};
  for (const file of existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : []) {
    const type = types[extname(file)];
    if (type !== undefined)
      pages[file === "index.html" ? "/" : `/${file}`] = { type, file: join(folder, file) };
  }
  return createFiles(pages, `${viewerPolicy}; frame-ancestors ${frameAncestors}`);
}

function createFiles(list: Record<string, Page>, policy: string): Pages {
  const pages = new Map(Object.entries(list));
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
    if (page === undefined) return false;
    const { bytes, etag } = await load(page.file);
    response.setHeader("cache-control", "no-cache");
    response.setHeader("content-security-policy", policy);
    response.setHeader("etag", etag);
    if (request.headers["if-none-match"] === etag) response.writeHead(304).end();
    else response.writeHead(200, { "content-type": page.type, "content-length": bytes.length }).end(bytes);
    return true;
  };
}
