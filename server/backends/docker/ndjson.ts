/** The engine's streams of JSON objects, one per line. */
export async function* ndjson(stream: NodeJS.ReadableStream): AsyncGenerator {
  let rest = "";
  stream.setEncoding("utf8");
  for await (const chunk of stream as AsyncIterable<string>) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.trim() !== "") yield JSON.parse(line) as unknown;
  }
}
