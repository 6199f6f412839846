import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { expect, expectTypeOf, it } from "vitest";
import type { Cave } from "./cave.ts";
import { createClient, GhostError } from "./client.ts";
import { readEvents } from "./event-stream.ts";

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => unknown) {
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

it("puts parameters, query, body and token where they belong", async () => {
  await using ghost = await serve(async (request, response) => {
    const body = (await buffer(request)).toString();
    const { method, url, headers } = request;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ method, url, authorization: headers.authorization, body }));
  });
  const client = createClient({ url: `${ghost.url}/`, token: "ghost_t" });
  expect(await client.caves.create({ body: { name: "den" }, query: { wait: "none" } })).toEqual({
    method: "POST",
    url: "/v1/caves?wait=none",
    authorization: "Bearer ghost_t",
    body: '{"name":"den"}',
  });
  await expect(client.processes.signal({ params: { cave: "a/b", pid: 7 }, body: {} })).resolves.toMatchObject(
    {
      url: "/v1/caves/a%2Fb/processes/7/signal",
    },
  );
  expectTypeOf(client.caves.get).returns.resolves.toEqualTypeOf<Cave>();
  expectTypeOf(client.caves.remove).returns.resolves.toEqualTypeOf<undefined>();
});

it("streams bytes both ways", async () => {
  await using ghost = await serve((request, response) => {
    request.pipe(response);
  });
  const client = createClient({ url: ghost.url });
  const body = Readable.from([Buffer.from("ab"), Buffer.from([0xff])]);
  const response = await client.files.write.stream({ params: { cave: "den" }, query: { path: "x" }, body });
  expect(new Uint8Array(await response.arrayBuffer())).toEqual(new Uint8Array([0x61, 0x62, 0xff]));
});

it("turns failures into one kind of error", async () => {
  const error = { code: "cave_not_found", message: "There is no cave den.", hint: "Look.", requestId: "r1" };
  let url: string;
  {
    await using ghost = await serve(
      (_, response) => void response.writeHead(404).end(JSON.stringify({ error })),
    );
    url = ghost.url;
    const failed = await createClient({ url })
      .caves.get({ params: { cave: "den" } })
      .catch((thrown: unknown) => thrown);
    expect(failed).toBeInstanceOf(GhostError);
    expect(failed).toMatchObject({ ...error, status: 404 });
  }
  await expect(createClient({ url }).accounts.me()).rejects.toMatchObject({ code: "unreachable", status: 0 });
  const gone = AbortSignal.abort(new Error("mine"));
  await expect(createClient({ url }).accounts.me({}, { signal: gone })).rejects.toThrow("mine");
});

it("reads events, and throws the one that says the stream failed", async () => {
  await using ghost = await serve((_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(
      ': hello\n\nid: 4\nevent: exit\ndata: {"exitCode":\ndata: 0}\n\nevent: error\ndata: {"code":"timeout","message":"Late."}\n\n',
    );
  });
  const seen: unknown[] = [];
  const events = createClient({ url: ghost.url }).exec.run.events({
    params: { cave: "den" },
    body: { command: "x" },
  });
  await expect(
    (async () => {
      for await (const event of events) seen.push(event);
    })(),
  ).rejects.toMatchObject({ code: "timeout" });
  expect(seen).toEqual([{ event: "exit", data: { exitCode: 0 }, id: "4" }]);
});

it("reads events however the bytes are cut", async () => {
  const bytes = Buffer.from("event: a\r\ndata: ü\r\n\r\ndata: {}\n\ndata: cut off");
  for (let size = 1; size < bytes.length; size++) {
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
      bytes.subarray(i * size, (i + 1) * size),
    );
    const events = [];
    for await (const event of readEvents(Readable.from(pieces))) events.push(event);
    expect(events).toEqual([
      { event: "a", data: "ü" },
      { event: "message", data: "{}" },
    ]);
  }
});

it("names the address of a socket", () => {
  const client = createClient({ url: "https://ghost.example" });
  const params = { cave: "den", id: "term-aaaaaaaaaaaaaaaa" };
  expect(client.terminals.connect.url({ params, query: { since: 3 } })).toBe(
    "wss://ghost.example/v1/caves/den/terminals/term-aaaaaaaaaaaaaaaa/ws?since=3",
  );
});
