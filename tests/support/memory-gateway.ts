import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { connect } from "node:net";
import { pino } from "pino";
import { hashOf } from "../../server/auth/credentials.ts";
import { mintToken } from "../../server/auth/tokens.ts";
import { createMemoryBackend } from "../../server/backends/memory/memory-backend.ts";
import { parseConfig } from "../../server/config/config.ts";
import { keepYoungGeneration } from "../../server/lib/young-generation.ts";
import { startGhost } from "../../server/start.ts";
import { createClient } from "#contract/client.ts";

// A gateway in a process of its own, as server/main.ts makes it, but that there is no engine: `<home> <port> <cave>=<port> …`. Every port of a cave
// leads to that port of this machine. Says on stdout with which headers each cave's port 3000 is reached.

keepYoungGeneration();
const [home = "", port = "", ...given] = process.argv.slice(2);
const leads = new Map(given.map((lead) => lead.split("=") as [string, string]));
const targets = new Map<string, number>();
const backend = {
  ...createMemoryBackend({ name: "docker" }),
  async dial(id: string) {
    const socket = connect({ port: targets.get(id) ?? 0, host: "127.0.0.1" });
    await once(socket, "connect");
    return socket;
  },
};
const { ctx } = await startGhost(
  parseConfig({ GHOST_HOME: home, GHOST_PORT: port, GHOST_HOST: "127.0.0.1" }),
  {
    backends: { get: () => backend, all: () => [backend], [Symbol.asyncDispose]: () => Promise.resolve() },
    log: pino({ level: "info" }, createWriteStream("/dev/null")),
  },
);
const [admin] = await ctx.store.accounts.list();
const made = mintToken({ name: "test", scopes: ["admin"], expiresInMs: 86_400_000 }, ctx.now());
await ctx.store.tokens.insert(admin?.id ?? "", made.token, hashOf(made.secret));
const client = createClient({ url: ctx.config.url, token: made.secret });

const caves: Record<string, Record<string, string>> = {};
for (const [name, target] of leads) {
  const { id } = await client.caves.create({ body: { name, image: "plain" } });
  targets.set(id, Number(target));
  const { url } = await client.surfaces.open({ params: { cave: name }, body: { surface: { port: 3000 } } });
  caves[name] = await enter(new URL(url));
}
console.log(JSON.stringify({ caves })); // eslint-disable-line no-console -- whoever started this process reads it

/** No name server knows the app's host, so the way in is asked for by hand. */
async function enter({ pathname, search, host, origin }: URL): Promise<Record<string, string>> {
  const way = connect({ port: Number(port), host: "127.0.0.1" });
  way.end(`GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  let answer = "";
  for await (const part of way.setEncoding("utf8")) answer += String(part);
  const cookie = /^set-cookie: ([^;]+)/im.exec(answer)?.[1] ?? "";
  return { Host: host, Cookie: cookie, Origin: origin };
}
