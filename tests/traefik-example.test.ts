import { readFile } from "node:fs/promises";
import { format } from "prettier";
import { expect, it } from "vitest";
import { parseConfig } from "../server/config/config.ts";
import { readEnv } from "../server/config/env.ts";

const example = await readFile(new URL("../docs/examples/traefik.yml", import.meta.url), "utf8");
const commented = example.split("\n").flatMap((line) => /^# ?(.*)$/.exec(line)?.[1] ?? []);

/** Every key of a YAML file of plain maps and lists of one, with where it stands and what it says. */
function settings(text: string): [path: string, value: string][] {
  const above: { indent: number; key: string }[] = [];
  const found: [string, string][] = [];
  for (const line of text.split("\n")) {
    const [, indent = "", key, value = ""] = /^((?: |- )*)([A-Za-z]+):(?: (.*))?$/.exec(line) ?? [];
    if (key === undefined) continue;
    while ((above.at(-1)?.indent ?? -1) >= indent.length) above.pop();
    above.push({ indent: indent.length, key });
    if (value !== "") found.push([above.map(({ key }) => key).join("."), value]);
  }
  return found;
}

// Traefik is in no package here that could be started: this holds what its reference says of version 3.
it("says to Traefik what its file provider knows, and nothing else", async () => {
  expect(await format(example, { parser: "yaml", printWidth: 200 })).toBe(example);
  const rule = String.raw`"Host(${"`ghost.example.com`"}) || HostRegexp(${"`^[a-z0-9-]+\\\\.ghost-caves\\\\.example$`"})"`;
  expect(settings(example)).toEqual([
    ["http.routers.ghost.rule", rule],
    ["http.routers.ghost.entryPoints", "[websecure]"],
    ["http.routers.ghost.service", "ghost"],
    ["http.routers.ghost.tls", "{}"],
    ["http.services.ghost.loadBalancer.passHostHeader", "true"],
    ["http.services.ghost.loadBalancer.responseForwarding.flushInterval", '"-1ms"'],
    ["http.services.ghost.loadBalancer.servers.url", '"http://127.0.0.1:8000"'],
    ["tls.certificates.certFile", "/etc/ghost/tls/fullchain.pem"],
    ["tls.certificates.keyFile", "/etc/ghost/tls/privkey.pem"],
  ]);
  expect(settings(commented.join("\n"))).toEqual([
    ["entryPoints.websecure.address", '":443"'],
    ["entryPoints.websecure.transport.respondingTimeouts.readTimeout", "0"],
  ]);
});

it("leads the hosts of the gateway that it describes to it, and no others", () => {
  const given = Array.from(commented.join(" ").matchAll(/(GHOST_[A-Z_]+)=(\S+)/g), (match) => match.slice(1));
  const { values, unknown } = readEnv(Object.fromEntries(given) as Record<string, string>);
  expect(unknown).toEqual([]);
  const config = parseConfig(values);
  expect(example).toContain(`url: "http://127.0.0.1:${config.listen.port}"`);
  expect(example).toContain(`Host(\`${new URL(config.url).host}\`)`);
  expect(["127.0.0.1", "203.0.113.7"].map(config.trustsProxy)).toEqual([true, false]);

  const pattern = new RegExp((/HostRegexp\(`(.*?)`\)/.exec(example)?.[1] ?? "").replaceAll("\\\\", "\\"));
  const { appsDomain } = config;
  const hosts = [`3000--cave-x7.${appsDomain}`, appsDomain, `a.b.${appsDomain}`, `x.${appsDomain}.evil.test`];
  expect(hosts.map((host) => pattern.test(host))).toEqual([true, false, false, false]);
  expect(pattern.test(`3000--cave-x7.${appsDomain.replace(".", "x")}`)).toBe(false);
});
