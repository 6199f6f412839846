import { describe, expect, it } from "vitest";
import { defaultLimits } from "./limits.ts";
import { ResponseReader } from "./response-reader.ts";

function read(bytes: Buffer, sizes: (at: number) => number, method = "GET") {
  const reader = new ResponseReader(defaultLimits);
  const events: string[] = [];
  let body = "";
  reader.begin(
    {
      onPartialHead: () => undefined,
      onInterim: (head) => events.push(`interim ${head.status}`),
      onHead: (head) => events.push(`head ${head.status} ${head.reason} ${head.headers.join("|")}`),
      onData: (chunk) => (body += chunk.toString("latin1")),
      onEnd: () => events.push("end"),
      onPause: () => undefined,
    },
    method,
  );
  for (let at = 0; at < bytes.length;) {
    const next = Math.min(bytes.length, at + Math.max(1, sizes(at)));
    reader.push(bytes.subarray(at, next));
    at = next;
  }
  return { events, body, rest: reader.rest.toString("latin1"), persistent: reader.persistent };
}

describe("the reader of answers", () => {
  const text =
    "HTTP/1.1 103 Early\r\nLink: <x>\r\n\r\nHTTP/1.1 200 Fine \u00e9\r\nA:1\r\nTransfer-Encoding: chunked\r\nB: \t two \r\n\r\n" +
    "3;x=y\r\nabc\r\n0A\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\nrest";
  const bytes = Buffer.from(text, "latin1");
  const expected = {
    events: ["interim 103", "head 200 Fine \u00e9 A|1|Transfer-Encoding|chunked|B|two", "end"],
    body: "abc0123456789",
    rest: "rest",
    persistent: true,
  };

  it("reads the same from whatever pieces the bytes come in", () => {
    expect(read(bytes, () => bytes.length)).toEqual(expected);
    expect(read(bytes, () => 1)).toEqual(expected);
    for (let cut = 1; cut < bytes.length; cut++) {
      expect(read(bytes, (at) => (at === 0 ? cut : bytes.length))).toEqual(expected);
    }
  });

  it.each([
    ["HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", true],
    ["HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: Close\r\n\r\n", false],
    ["HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", false],
    ["HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: x, Keep-Alive\r\n\r\n", true],
    ["HTTP/1.1 200\r\n\r\n", false],
  ])("knows whether the connection goes on after %j", (head, persistent) => {
    expect(read(Buffer.from(head), () => head.length).persistent).toBe(persistent);
  });
});
