import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { root } from "./lib/paths.ts";

/** Folders of viewers/ that are pages: an index.html that names `page.ts` and `page.css`. */
export const viewersFolder = join(root, "viewers");
export const viewersOutput = join(root, "dist/viewers");

/**
 * Bundles every viewer to `<out>/<name>/index.html` and `<out>/<name>/assets/`. Names in assets/ carry a hash of their content, so they may be
 * cached for ever; the same sources give the same files.
 */
export async function buildViewers(from = viewersFolder, out = viewersOutput): Promise<void> {
  const entries = await readdir(from, { recursive: true });
  const names = entries.filter((path) => /^[^/]+\/index\.html$/.test(path)).map(dirname);
  await Promise.all(names.map((name) => buildViewer(join(from, name), join(out, name))));
  await removeOthers(out, new Set(names));
}

async function buildViewer(source: string, target: string): Promise<void> {
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: { page: join(source, "page.ts"), "page-style": join(source, "page.css") },
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    outdir: join(target, "assets"),
    publicPath: "/assets",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    target: ["chrome120", "firefox121", "safari17"],
    minify: true,
    legalComments: "none",
    loader: { ".woff2": "file", ".svg": "file" },
    logLevel: "silent",
    metafile: true,
    write: false,
  });
  const urls = new Map(
    Object.entries(metafile.outputs).flatMap(([path, { entryPoint }]) =>
      entryPoint === undefined
        ? []
        : [
            [
              relative(source, join(root, entryPoint)),
              `/assets/${relative(join(target, "assets"), join(root, path))}`,
            ],
          ],
    ),
  );
  const html = (await readFile(join(source, "index.html"), "utf8")).replaceAll(
    /\b(src|href)="(page\.\w+)"/g,
    (_, attribute: string, file: string) => `${attribute}="${urls.get(file) ?? file}"`,
  );
  // A gateway may be serving what was built before: what is referred to comes before who refers to it, and what nobody needs goes last.
  await mkdir(join(target, "assets"), { recursive: true });
  await Promise.all(outputFiles.map(({ path, contents }) => writeFile(path, contents)));
  await writeFile(join(target, "index.html"), html);
  await removeOthers(
    join(target, "assets"),
    new Set(outputFiles.map(({ path }) => relative(join(target, "assets"), path))),
  );
}

async function removeOthers(folder: string, keep: ReadonlySet<string>): Promise<void> {
  const present = await readdir(folder).catch(() => []);
  await Promise.all(
    present
      .filter((name) => !keep.has(name))
      .map((name) => rm(join(folder, name), { recursive: true, force: true })),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildViewers();
