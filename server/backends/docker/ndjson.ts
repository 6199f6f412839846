import type { Readable } from "node:stream";

/** The engine's streams of JSON objects, one per line. */
export async function* ndjson(stream: Readable): AsyncGenerator {
  let rest = "";
  for await (const chunk of stream.setEncoding("utf8") as AsyncIterable<string>) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.trim() !== "") yield JSON.parse(line) as unknown;
  }
}
