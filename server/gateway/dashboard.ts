import { readFile, stat } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { z } from "zod";
import type { Config } from "../config/config.ts";
import { isNavigation } from "./apps/own-pages.ts";
import type { Pages } from "./pages.ts";

const exported = join(import.meta.dirname, "../../out");

/** What scripts/lib/site-manifest.ts writes: every address there is, with the file that answers it. */
const Site = z.object({
  files: z.record(
    z.string(),
    z.object({
      file: z.string(),
      type: z.string(),
      etag: z.string(),
      gzip: z.number().optional(),
      br: z.number().optional(),
      immutable: z.boolean().optional(),
      scripts: z.array(z.string()).optional(),
    }),
  ),
});
type SiteFile = z.infer<typeof Site>["files"][string];

interface Built {
  readonly folder: string;
  readonly changedMs: number;
  readonly files: ReadonlyMap<string, SiteFile>;
  readonly bytes: Map<string, Promise<Buffer>>;
}

/** A build that is made while we run is served from its end on; so often we look. */
const lookMs = 1000;

/** Serves the dashboard's exported files: those of its list, nothing else. */
export function createDashboard(config: Pick<Config, "url" | "appsDomain">, folder = exported): Pages {
  let built: Built | undefined;
  let looked = -Infinity;
  let looking: Promise<Built | undefined> | undefined;

  // Whoever comes while somebody looks waits with them: before the first look has ended there is nothing else to give.
  function current(): Promise<Built | undefined> {
    if (looking !== undefined && performance.now() - looked < lookMs) return looking;
    looked = performance.now();
    looking = look();
    return looking;
  }

  async function look(): Promise<Built | undefined> {
    const list = join(folder, "site.json");
    const changedMs = await stat(list).then(
      (found) => found.mtimeMs,
      () => undefined,
    );
    // While one is being made there is no list, and the old one's files are served from memory.
    if (changedMs === undefined || changedMs === built?.changedMs) return built;
    const site = Site.parse(JSON.parse(await readFile(list, "utf8")));
    built = { folder, changedMs, files: new Map(Object.entries(site.files)), bytes: new Map() };
    return built;
  }

  return async (path, request, response) => {
    const site = await current();
    if (site === undefined) return path === "/" && unbuilt(response);
    const found = site.files.get(path) ?? site.files.get(generic(path));
    const missing = found === undefined && isForPeople(path, request) ? site.files.get("/404") : undefined;
    const file = found ?? missing;
    if (file === undefined) return false;
    await send(site, file, request, response, config, missing ? 404 : 200);
    return true;
  };
}

/** An address that nothing is at: a browser's window gets a page that says so, everything else the API's answer. */
const isForPeople = (path: string, request: IncomingMessage) =>
  !path.startsWith("/v1/") && isNavigation(request);

/** A cave's page is one page for all caves: the export has it under the name `_`, and the page reads the name from its address. */
function generic(path: string): string {
  return path.replace(/^\/caves\/[a-z][a-z0-9-]*(?=$|\/|\.txt$)/, "/caves/_");
}

async function send(
  site: Built,
  found: SiteFile,
  request: IncomingMessage,
  response: ServerResponse,
  config: Pick<Config, "url" | "appsDomain">,
  status: 200 | 404,
): Promise<void> {
  const coding = codingFor(found, request.headers["accept-encoding"]);
  const etag = `"${found.etag}${coding === undefined ? "" : `-${coding.name}`}"`;
  response.setHeader("cache-control", found.immutable ? "public, max-age=31536000, immutable" : "no-cache");
  response.setHeader("vary", "accept-encoding");
  response.setHeader("etag", etag);
  if (found.scripts) response.setHeader("content-security-policy", policy(found.scripts, request, config));
  else if (found.type.startsWith("text/javascript"))
    response.setHeader("content-security-policy", workerPolicy);
  if (status === 200 && request.headers["if-none-match"] === etag) {
    response.writeHead(304).end();
    return;
  }
  const bytes = await load(site, found.file + (coding?.ending ?? ""));
  response.writeHead(status, {
    "content-type": found.type,
    "content-length": bytes.length,
    ...(coding && { "content-encoding": coding.name }),
  });
  response.end(bytes);
}

function load(site: Built, name: string): Promise<Buffer> {
  let bytes = site.bytes.get(name);
  if (bytes === undefined) {
    bytes = readFile(join(site.folder, name));
    site.bytes.set(name, bytes);
    bytes.catch(() => site.bytes.delete(name));
  }
  return bytes;
}

const codings = [
  { name: "br", ending: ".br" },
  { name: "gzip", ending: ".gz" },
] as const;

function codingFor(found: SiteFile, accepted: string | undefined) {
  const names = (accepted ?? "").split(",").map((one) => one.trim());
  return codings.find(({ name }) => found[name] !== undefined && names.includes(name));
}

/**
 * Scripts are our files and the inline ones whose hashes the build took. Styles may be inline, because terminals, editors and menus place
 * things by them. Frames show caves' apps, which are on hosts of their own.
 */
function policy(
  scripts: readonly string[],
  request: IncomingMessage,
  { url, appsDomain }: Pick<Config, "url" | "appsDomain">,
): string {
  const own = new URL(url);
  const host = request.headers.host ?? own.host;
  const port = /:\d+$/.exec(host)?.[0] ?? "";
  const socket = own.protocol === "https:" ? "wss:" : "ws:";
  return [
    "default-src 'none'",
    `script-src 'self' ${scripts.join(" ")}`,
    "worker-src 'self' blob:",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "font-src 'self'",
    `connect-src 'self' ${socket}//${host}`,
    `frame-src 'self' blob: ${own.protocol}//*.${appsDomain}${port}`,
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** A worker has the policy of its own file rather than the page's: an editor's loads the rest of itself, and asks nobody. */
const workerPolicy = "default-src 'none'; script-src 'self'; frame-ancestors 'none'";

function unbuilt(response: ServerResponse): true {
  response
    .writeHead(503, { "content-type": "text/plain; charset=utf-8" })
    .end(
      "The dashboard is not built. Run `npm run build`, then load this page again.\nThe API is at /v1, its page at /docs.\n",
    );
  return true;
}
