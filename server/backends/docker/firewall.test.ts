import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { chains } from "./firewall.ts";
import { resolvers } from "./resolvers.ts";

it("writes rules that name the bridge they are for, and end in refusal", () => {
  const { input, forward, script } = chains({
    bridge: "gh-0123456789",
    resolvers: ["10.0.0.53"],
    allowPrivateNetworks: false,
  });
  expect(script.replaceAll(input, "IN").replaceAll(forward, "FWD")).toMatchSnapshot();
  expect(Math.max(input.length, forward.length), "iptables' limit").toBeLessThanOrEqual(28);
});

it("opens private networks when told to, but never link-local addresses", () => {
  const { script } = chains({ bridge: "gh-0123456789", resolvers: [], allowPrivateNetworks: true });
  expect(script).not.toContain("192.168.0.0/16");
  expect(script).toMatch(/-d 169\.254\.0\.0\/16 -j REJECT/);
});

it("has other chains for another bridge", () => {
  const of = (bridge: string) => chains({ bridge, resolvers: [], allowPrivateNetworks: false }).input;
  expect(of("gh-a")).not.toBe(of("gh-b"));
});

it("finds the name servers that caves are given", async () => {
  const folder = await mkdtemp(join(tmpdir(), "ghost-resolv-"));
  const file = async (name: string, text: string) => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  const plain = await file(
    "plain",
    "# a comment\nsearch lan\nnameserver 10.0.0.53\n nameserver\t8.8.8.8\nnameserver fe80::1\nnameserver 10.0.0.53\n",
  );
  const stub = await file("stub", "nameserver 127.0.0.53\n");
  expect(await resolvers([plain, stub])).toEqual(["10.0.0.53", "8.8.8.8"]);
  expect(await resolvers([stub, plain]), "behind systemd's stub").toEqual(["10.0.0.53", "8.8.8.8"]);
  expect(await resolvers([stub, join(folder, "none")])).toEqual([]);
  await rm(folder, { recursive: true });
});
