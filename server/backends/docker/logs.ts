import { PassThrough, type Readable } from "node:stream";
import { getStream } from "./client.ts";
import { demux } from "./demux.ts";
import type { Engine } from "./engine.ts";
import { fold } from "./errors.ts";

export interface LogOptions {
  follow: boolean;
  sinceMs?: number;
  tail?: number;
}

export function logs(
  engine: Engine,
  id: string,
  options: LogOptions,
  signal: AbortSignal,
): Promise<Readable> {
  return engine.containers.with(id, signal, async (container) => {
    const life = AbortSignal.any([signal, engine.closing]);
    const query = {
      stdout: true,
      stderr: true,
      follow: options.follow,
      tail: options.tail ?? "all",
      ...(options.sinceMs !== undefined && { since: (options.sinceMs / 1000).toFixed(3) }),
    };
    const source = await getStream(engine.docker, `/containers/${container.id}/logs`, query, life);
    const lines = new PassThrough({ signal: life });
    lines.once("close", () => source.destroy());
    demux(source, lines, lines).catch((error: unknown) =>
      lines.destroy(life.aborted ? undefined : fold(error)),
    );
    return lines;
  });
}
