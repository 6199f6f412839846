/** One server-sent event as it came. */
export interface RawEvent {
  event: string;
  data: string;
  id?: string;
}

/** Reads `text/event-stream`. Comments and retry hints are dropped, and an event that was cut off is not an event. */
export async function* readEvents(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<RawEvent, void, undefined> {
  let [event, id] = ["message", undefined as string | undefined];
  let data: string[] = [];
  for await (const line of linesOf(body)) {
    if (line === "") {
      if (data.length > 0) yield { event, data: data.join("\n"), ...(id !== undefined && { id }) };
      [event, data] = ["message", []];
      continue;
    }
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + (line[colon + 1] === " " ? 2 : 1));
    if (field === "data") data.push(value);
    else if (field === "event") event = value;
    else if (field === "id") id = value;
  }
}

async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  let parts: string[] = [];
  for await (const chunk of body) {
    const lines = decoder.decode(chunk, { stream: true }).split("\n");
    const last = lines.pop() ?? "";
    for (const line of lines) {
      const whole = parts.length > 0 ? parts.join("") + line : line;
      parts = [];
      yield whole.endsWith("\r") ? whole.slice(0, -1) : whole;
    }
    if (last !== "") parts.push(last);
  }
}
