import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NotStarted, start } from "../exec/start.ts";
import { home, parsePath } from "../lib/cave-path.ts";
import { childEnvironment } from "../lib/environment.ts";
import type { Handler } from "../lib/exchange.ts";
import { Problem } from "../lib/problem.ts";
import { display } from "./definitions.ts";
import { isReady } from "./services.ts";

const widest = 1920;
const quality = "72";
const withinMs = 5_000;

/** The X server's picture, scaled by a program that asks it as any other would. Not activity: a dashboard shows these to nobody in particular. */
export const thumbnail: Handler = async ({ res, query }) => {
  const width = Number(query.get("width"));
  if (!Number.isInteger(width) || width < 16 || width > widest)
    throw new Problem("invalid_input", `The width is a whole number from 16 to ${widest}.`);
  if (!isReady("desktop")) throw new Problem("surface_stopped", "The desktop of this cave is not running.");
  const folder = mkdtempSync(join(tmpdir(), "thumbnail-"));
  try {
    await shoot(["scrot", "--quality", quality, "--thumb", `${width}x0`, join(folder, "a.jpg")]);
    const image = readFileSync(join(folder, "a-thumb.jpg"));
    res.writeHead(200, { "content-type": "image/jpeg", "content-length": image.length });
    res.end(image);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

async function shoot(program: string[]): Promise<void> {
  const env = childEnvironment({ DISPLAY: display });
  const child = await start({ program, cwd: parsePath(home), env, stdin: false, merge: true }).catch(
    (error: unknown) => {
      if (error instanceof NotStarted)
        throw new Problem("surface_unavailable", "This cave's image cannot make pictures of its desktop.");
      throw error;
    },
  );
  child.stdout.resume();
  const timer = setTimeout(() => process.kill(-child.pid, "SIGKILL"), withinMs);
  const { exitCode } = await child.exited;
  clearTimeout(timer);
  if (exitCode !== 0) throw new Problem("surface_stopped", "The desktop could not be looked at just now.");
}
