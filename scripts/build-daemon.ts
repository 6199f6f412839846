import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { root } from "./lib/paths.ts";

/** Bundles the daemon to one file; only the terminal's native package stays outside, beside it in the image. */
export async function buildDaemon(outfile: string): Promise<void> {
  await build({
    entryPoints: [join(root, "cave-image/daemon/main.ts")],
    outfile,
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    external: ["@lydell/node-pty"],
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: "none",
    logLevel: "silent",
    // Bundled CommonJS packages still call require.
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await buildDaemon(join(root, "cave-image/dist/caved.mjs"));
