import { PassThrough, type Readable } from "node:stream";
import type { MemoryCave, MemoryWorld } from "./world.ts";

export function log(
  world: MemoryWorld,
  cave: MemoryCave,
  how: { follow: boolean; sinceMs?: number; tail?: number },
  signal: AbortSignal,
): Readable {
  const lines = cave.log
    .filter(({ at }) => at >= (how.sinceMs ?? 0))
    .flatMap(({ text }) => text.split(/(?<=\n)/));
  let next = cave.log.length;
  const output = new PassThrough({ signal });
  output.on("error", () => undefined);
  if (how.tail !== 0) output.write(lines.slice(how.tail === undefined ? 0 : -how.tail).join(""));
  const more = (changed: MemoryCave) => {
    if (changed !== cave) return;
    for (; next < cave.log.length; next++) output.write(cave.log[next]?.text ?? "");
    if (cave.state === "stopped") output.end();
  };
  if (!how.follow || cave.state === "stopped") output.end();
  else world.events.on("log", more);
  output.once("close", () => world.events.off("log", more));
  return output;
}
