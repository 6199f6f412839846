import { readFileSync, statSync } from "node:fs";
import { z } from "zod";
import { ImageBuild } from "#contract/system.ts";

const Entry = z.object({
  state: ImageBuild.shape.state,
  image: z.string(),
  step: z.number().int().optional().catch(undefined),
  steps: z.number().int().optional().catch(undefined),
  line: z.string().optional().catch(undefined),
  startedAt: ImageBuild.shape.startedAt.catch(undefined),
  finishedAt: ImageBuild.shape.finishedAt.catch(undefined),
  error: z.string().optional().catch(undefined),
  /** Process that builds. */
  builder: z.number().int().positive().optional().catch(undefined),
});

/** What `npm run up` says of the images: those for caves always, those for runs once it has begun with them. A file that is missing, half or strange says that nothing is built. */
export function readBuilds(file: string): ImageBuild[] {
  const content = contentOf(file);
  const forRuns = Object.keys(content).filter((name) => /^run:[a-z]+$/.test(name));
  return ["base", "full", ...forRuns].flatMap((flavor) => {
    const parsed = Entry.safeParse(content[flavor]);
    if (!parsed.success)
      return forRuns.includes(flavor) ? [] : { flavor, image: `ghost/cave:${flavor}`, state: "missing" };
    const { builder, ...entry } = parsed.data;
    const build: ImageBuild = { flavor, ...defined(entry) };
    if (build.state !== "building" || builder === undefined || isAlive(builder)) return build;
    return { ...build, state: "failed", error: "The process that built it has died." };
  });
}

/** Changes whenever the file does. */
export function fileTimes(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat ? `${stat.ino} ${stat.mtimeMs} ${stat.size}` : "";
}

function contentOf(file: string): Record<string, unknown> {
  try {
    const content: unknown = JSON.parse(readFileSync(file, "utf8"));
    return typeof content === "object" && content !== null ? { ...content } : {};
  } catch {
    return {};
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };
function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as Defined<T>;
}
