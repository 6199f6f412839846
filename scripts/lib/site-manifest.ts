import { createHash } from "node:crypto";
import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

/** One file to serve. `scripts` are the CSP hashes of a page's inline scripts. */
interface SiteFile {
  file: string;
  type: string;
  etag: string;
  bytes: number;
  gzip?: number;
  br?: number;
  immutable?: true;
  scripts?: string[];
}

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".ttf": "font/ttf",
  ".wasm": "application/wasm",
};
const compressible = new Set([
  ".html",
  ".js",
  ".css",
  ".txt",
  ".json",
  ".webmanifest",
  ".svg",
  ".ttf",
  ".wasm",
]);

const toGzip = promisify(gzip);
const toBrotli = promisify(brotliCompress);

/**
 * Writes `site.json`: every address the gateway may be asked for, with the file that answers it. The gateway serves what is listed and
 * nothing else, so that a path never names a file. Written last: a build that is not whole has none.
 */
export async function writeSiteManifest(out: string, source: string): Promise<void> {
  const names = readdirSync(out, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(gz|br|map)$/.test(entry.name) && entry.name !== "site.json")
    .map((entry) => relative(out, join(entry.parentPath, entry.name)).split(sep).join("/"));
  const files: Record<string, SiteFile> = {};
  for (const name of names) {
    const type = types[extname(name)];
    if (type === undefined) throw new Error(`Nobody said how to serve ${name}: add its type.`);
    files[addressOf(name)] = await describe(out, name, type);
  }
  const temporary = join(out, "site.json.new");
  writeFileSync(temporary, JSON.stringify({ source, files }));
  renameSync(temporary, join(out, "site.json"));
}

/** Pages are asked for without their ending, as Next links to them. */
function addressOf(name: string): string {
  if (name === "index.html") return "/";
  return `/${name.endsWith(".html") ? name.slice(0, -5) : name}`;
}

async function describe(out: string, name: string, type: string): Promise<SiteFile> {
  const bytes = readFileSync(join(out, name));
  const described: SiteFile = {
    file: name,
    type,
    etag: createHash("sha256").update(bytes).digest("base64url").slice(0, 22),
    bytes: bytes.length,
  };
  if (name.startsWith("_next/static/")) described.immutable = true;
  if (name.endsWith(".html")) described.scripts = inlineScripts(bytes.toString());
  if (bytes.length > 1024 && compressible.has(extname(name))) {
    const [small, smaller] = await Promise.all([
      toGzip(bytes, { level: 9 }),
      toBrotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } }),
    ]);
    writeFileSync(join(out, `${name}.gz`), small);
    writeFileSync(join(out, `${name}.br`), smaller);
    Object.assign(described, { gzip: small.length, br: smaller.length });
  }
  return described;
}

/** The hash of every script that stands in the page itself; what comes from a file is covered by 'self'. */
export function inlineScripts(html: string): string[] {
  const found = new Set<string>();
  for (const [, attributes = "", text = ""] of html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/gi)) {
    if (/\ssrc\s*=/i.test(attributes)) continue;
    found.add(`'sha256-${createHash("sha256").update(text).digest("base64")}'`);
  }
  return [...found];
}
