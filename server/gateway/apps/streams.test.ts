import { once } from "node:events";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createVisitor, type Visitor } from "../../../tests/support/visitor.ts";
import { openAppHouse, type AppHouse } from "./testing/app-house.ts";

const file = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
/** Of gRPC-web: one message with every byte in it, and trailers, which are a part of the body. */
const frame = (flag: number, content: Buffer) => {
  const head = Buffer.alloc(5);
  head.writeUInt8(flag);
  head.writeUInt32BE(content.length, 1);
  return Buffer.concat([head, content]);
};
const trailers = frame(0x80, Buffer.from("grpc-status:0\r\ngrpc-message:fine\r\n"));

/** Answers that somebody in the test still has to go on with. */
const held: ServerResponse[] = [];
const app: RequestListener = (request, response) => {
  switch (request.url) {
    case "/range": {
      const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
      const part = file.subarray(Number(from), Number(to) + 1);
      response.writeHead(206, { "content-range": `bytes ${from}-${to}/256`, "content-length": part.length });
      response.end(part);
      break;
    }
    case "/grpc":
      void buffer(request).then((asked) => {
        response.writeHead(200, { "content-type": request.headers["content-type"] });
        response.write(asked);
        response.end(trailers);
      });
      break;
    default:
      held.push(response);
  }
};

let house: AppHouse;
let visitor: Visitor;
let origin: string;
let cookie: string;
beforeAll(async () => {
  house = await openAppHouse({ app });
  visitor = createVisitor({ port: house.ghost.port });
  ({ origin, cookie } = await house.enter("den", { port: 3000 }));
});
afterAll(() => house[Symbol.asyncDispose]());

async function ask(
  path: string,
  headers: Record<string, string> = {},
  body?: Buffer,
): Promise<IncomingMessage> {
  const asking = visitor.request(origin + path, { cookie, ...headers }, body ? "POST" : "GET");
  asking.end(body);
  const [response] = (await once(asking, "response")) as [IncomingMessage];
  return response;
}

it("a part of a file arrives as a part", async () => {
  const response = await ask("/range", { range: "bytes=16-31" });
  expect([
    response.statusCode,
    response.headers["content-range"],
    response.headers["content-length"],
  ]).toEqual([206, "bytes 16-31/256", "16"]);
  expect(await buffer(response)).toEqual(file.subarray(16, 32));
});

it("gRPC-web arrives byte for byte, both ways, with the trailers in its body", async () => {
  const message = frame(0, file);
  const response = await ask(
    "/grpc",
    { "content-type": "application/grpc-web+proto", te: "trailers" },
    message,
  );
  expect(response.headers["content-type"]).toBe("application/grpc-web+proto");
  expect(await buffer(response)).toEqual(Buffer.concat([message, trailers]));
});

it("a long poll is answered when the app has something to say", async () => {
  const asking = ask("/poll");
  await expect.poll(() => held.length).toBe(1);
  held.pop()?.end("news");
  expect(String(await buffer(await asking))).toBe("news");
});

it("an event stream begins before its first event, and each event arrives by itself", async () => {
  const asking = ask("/events");
  await expect.poll(() => held.length).toBe(1);
  held[0]?.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
  const response = await asking;
  let text = "";
  response.setEncoding("utf8").on("data", (part: string) => (text += part));
  for (const event of ["one", "two", "three"]) {
    held[0]?.write(`data: ${event}\n\n`);
    await expect.poll(() => text).toMatch(new RegExp(`data: ${event}\n\n$`));
  }
  const ended = once(held.pop() as ServerResponse, "close");
  response.destroy();
  await ended; // nobody listens any more, and the app hears of it
});
