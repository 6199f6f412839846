import { BlockList, isIP, isIPv6 } from "node:net";
import { z } from "zod";

/** Whether an address is that of a proxy whose word about where a caller is counts. */
export type TrustsProxy = (address: string) => boolean;

const said = "Give IP addresses or networks, such as 10.0.0.7, 10.0.0.0/8 or fd00::/8.";

/** Of `GHOST_TRUSTED_PROXIES`: addresses and networks of IPv4 and IPv6, in either spelling of an IPv4 address. */
export const TrustedProxies = z.array(z.string()).transform((texts, check): TrustsProxy => {
  // One for each family: Node finds an IPv4 address in a network of IPv6 too.
  const networks = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const text of texts) {
    const problem = add(networks, text);
    if (problem !== undefined) check.addIssue(`\`${text.slice(0, 80)}\`: ${problem}`);
  }
  if (texts.length === 0) return () => false;
  return (address) => {
    if (isIP(address) === 0) return false;
    const plain = ipv4Of(address);
    return plain === undefined ? networks.ipv6.check(address, "ipv6") : networks.ipv4.check(plain, "ipv4");
  };
});

/** What is wrong with it. */
function add(networks: Record<"ipv4" | "ipv6", BlockList>, text: string): string | undefined {
  const [, address = "", written] = /^([\da-f.:]+)(?:\/(\d{1,3}))?$/i.exec(text) ?? [];
  if (isIP(address) === 0) return said;
  const plain = ipv4Of(address);
  const family = plain === undefined ? "ipv6" : "ipv4";
  const bits = family === "ipv6" ? 128 : 32;
  // `::ffff:10.0.0.0/104` is 10.0.0.0/8.
  const mapped = isIPv6(address) ? 128 - bits : 0;
  const prefix = written === undefined ? bits : Number(written) - mapped;
  if (prefix > bits) return said;
  // Whoever trusts everybody believes what any caller says of itself.
  if (prefix < 1) return "That is everybody: name the proxies' own network.";
  networks[family].addSubnet(plain ?? address, prefix, family);
  return undefined;
}

/** An IPv4 address as such, also where it is written as one of IPv6 (`::ffff:10.0.0.1`, `::ffff:a00:1`). */
export function ipv4Of(address: string): string | undefined {
  if (!isIPv6(address)) return address;
  if (!/^[0:]*:ffff:/i.test(address)) return undefined;
  const [, high, low] =
    /^\[::ffff:([\da-f]+):([\da-f]+)\]$/.exec(URL.parse(`http://[${address}]`)?.hostname ?? "") ?? [];
  if (high === undefined || low === undefined) return undefined;
  const number = parseInt(high, 16) * 65_536 + parseInt(low, 16);
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join(".");
}
