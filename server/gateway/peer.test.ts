import type { IncomingMessage } from "node:http";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../config/config.ts";
import { peerOf } from "./peer.ts";

function seen(proxies: string, remoteAddress: string, forwarded?: string): string {
  const headers = { ...(forwarded !== undefined && { "x-forwarded-for": forwarded }) };
  const request = { socket: { remoteAddress }, headers } as unknown as IncomingMessage;
  return peerOf(request, parseConfig({ GHOST_TRUSTED_PROXIES: proxies }));
}

describe("where a caller is", () => {
  it.each([
    ["", "127.0.0.1", "127.0.0.1"],
    ["127.0.0.1", "127.0.0.1", "9.9.9.9"],
    ["127.0.0.1", "127.0.0.2", "127.0.0.2"],
    ["10.0.0.0/8", "10.200.3.4", "9.9.9.9"],
    ["10.0.0.0/8", "11.0.0.1", "11.0.0.1"],
    ["172.16.0.0/12, 127.0.0.1", "172.31.255.255", "9.9.9.9"],
    ["172.16.0.0/12, 127.0.0.1", "172.32.0.0", "172.32.0.0"],
    ["10.0.0.0/8", "::ffff:10.1.2.3", "9.9.9.9"],
    ["::ffff:10.0.0.0/104", "10.1.2.3", "9.9.9.9"],
    ["::FFFF:a00:0/104", "::ffff:b00:1", "11.0.0.1"],
    ["10.0.0.1", "::ffff:a00:1", "9.9.9.9"],
    ["fd00::/8", "fd12:3456::1", "9.9.9.9"],
    ["fd00::/8", "fe80::1", "fe80::1"],
    ["::/1", "10.0.0.1", "10.0.0.1"],
    ["::1", "0:0:0:0:0:0:0:1", "9.9.9.9"],
  ])("with %j, from %s, is %s", (proxies, from, wanted) => {
    expect(seen(proxies, from, "6.6.6.6, 9.9.9.9")).toBe(wanted);
  });

  it("is the last that no proxy of ours has added, and never what is no address", () => {
    expect(seen("10.0.0.0/8", "10.0.0.1", "6.6.6.6, 9.9.9.9, 10.0.0.2, ::ffff:10.0.0.3")).toBe("9.9.9.9");
    expect(seen("10.0.0.0/8", "10.0.0.1", "9.9.9.9, unknown, 10.0.0.2")).toBe("10.0.0.2");
    for (const nonsense of ["", "localhost", "1.2.3", "1.2.3.4.5", "dead", 'fe80::1%eth0"', "'"])
      expect(seen("10.0.0.0/8", "10.0.0.1", nonsense), nonsense).toBe("10.0.0.1");
  });

  it.each([
    ...["proxy", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8/8", "10.0.0.0/-1", "10.0.0/8", "fd00::/129"],
    ...["::ffff:10.0.0.0/129", "fe80::1%eth0", "10.0.0.1:80", "[::1]", "0x0a.0.0.1"],
  ])("is not asked of %s, which is refused at the start", (text) => {
    const start = () => parseConfig({ GHOST_TRUSTED_PROXIES: `127.0.0.1,${text}` });
    expect(start).toThrow(/Ghost cannot start:[^]*networks, such as 10\.0\.0\.7[^]*GHOST_TRUSTED_PROXIES/);
    expect(start).toThrow(`\`${text}\``);
  });

  it.each(["0.0.0.0/0", "::/0", "::ffff:0.0.0.0/96", "::ffff:10.0.0.0/8"])(
    "is not taken from everybody: %s",
    (text) => {
      expect(() => parseConfig({ GHOST_TRUSTED_PROXIES: text })).toThrow("That is everybody");
    },
  );
});
