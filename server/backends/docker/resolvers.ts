import { readFile } from "node:fs/promises";
import { isIPv4 } from "node:net";

/**
 * The name servers that the engine hands its containers: the host's, or systemd-resolved's own where the host's is a loopback stub.
 * Caves may ask them even where they are private addresses.
 */
export async function resolvers(
  files: readonly string[] = ["/etc/resolv.conf", "/run/systemd/resolve/resolv.conf"],
): Promise<string[]> {
  for (const file of files) {
    const text = await readFile(file, "utf8").catch(() => "");
    const servers = text
      .split("\n")
      .map((line) => /^\s*nameserver\s+(\S+)/.exec(line)?.[1] ?? "")
      .filter((address) => isIPv4(address) && !address.startsWith("127."));
    if (servers.length > 0) return [...new Set(servers)];
  }
  return [];
}
