import type { Client } from "#contract/client.ts";

/** What the app in a cave was asked, by HTTP or as a WebSocket. */
export interface Asked {
  port: number;
  method: string;
  url: string;
  headers: Record<string, string>;
  upgrade: boolean;
}

/** Serves a small page on each port, answers WebSockets with an echo, and writes down everything that it is asked. */
const program = String.raw`
const { createServer } = require("node:http");
const { createHash } = require("node:crypto");
const { appendFileSync } = require("node:fs");
const note = (port, request, upgrade) => appendFileSync("/workspace/asked.jsonl",
  JSON.stringify({ port, method: request.method, url: request.url, headers: request.headers, upgrade }) + "\n");
for (const port of process.argv.slice(2).map(Number)) {
  createServer((request, response) => {
    note(port, request, false);
    response.setHeader("content-type", "text/html");
    if (request.url === "/cookie") response.setHeader("set-cookie", "of" + port + "=1; Path=/");
    response.end("<!doctype html><title>App on " + port + "</title><h1>App on " + port + "</h1>");
  }).on("upgrade", (request, socket) => {
    note(port, request, true);
    const key = createHash("sha1").update(request.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest("base64");
    socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + key + "\r\n\r\n");
    socket.on("error", () => {});
  }).listen(port, "0.0.0.0");
}
console.log("listening");
`;

export async function startEchoApp(client: Client, cave: string, ports: readonly number[]): Promise<void> {
  const params = { cave };
  await client.files.write({ params, query: { path: "/workspace/echo.cjs" }, body: program });
  await client.files.write({ params, query: { path: "/workspace/asked.jsonl" }, body: "" });
  await client.processes.start({
    params,
    body: { argv: ["node", "/workspace/echo.cjs", ...ports.map(String)] },
  });
}

export async function askedOf(client: Client, cave: string): Promise<Asked[]> {
  const lines = await (
    await client.files.read.stream({ params: { cave }, query: { path: "/workspace/asked.jsonl" } })
  ).text();
  return lines
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Asked);
}
