import { StringDecoder } from "node:string_decoder";

/** A line longer than this is cut into several. */
const maxLine = 65_536;

export async function* linesOf(source: AsyncIterable<Buffer>): AsyncGenerator<string, void, undefined> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  for await (const chunk of source) {
    const lines = (rest + decoder.write(chunk)).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield line.endsWith("\r") ? line.slice(0, -1) : line;
    for (; rest.length > maxLine; rest = rest.slice(maxLine)) yield rest.slice(0, maxLine);
  }
  rest += decoder.end();
  if (rest !== "") yield rest;
}
