import { SocketAddress } from "node:net";
import type { Shell } from "./shell.ts";
import type { ListeningPort } from "#contract/cave.ts";

const mostPorts = 1000;
/** Docker's own resolver listens inside every cave. */
const enginesResolver = "127.0.0.11";

const script = `
grep -h ' 0A ' /proc/net/tcp /proc/net/tcp6 2>/dev/null || exit 0
ls -ln /proc/[0-9]*/fd 2>/dev/null | grep -e '^/proc/' -e 'socket:'
for folder in /proc/[0-9]*; do
  read -r name < "$folder/comm" && echo "name \${folder#/proc/} $name"
done 2>/dev/null
exit 0
`;

/** What the kernel lists as listening, with the process where the cave's user may see it. */
export async function ports(shell: Shell, signal: AbortSignal): Promise<ListeningPort[]> {
  const lines = (await shell.run(script, [], signal)).toString().split("\n");
  const names = new Map<number, string>();
  const owners = new Map<string, number>();
  let pid = 0;
  for (const line of lines) {
    const [, folder] = /^\/proc\/(\d+)\/fd:$/.exec(line) ?? [];
    if (folder !== undefined) pid = Number(folder);
    const [, inode] = / -> socket:\[(\d+)\]$/.exec(line) ?? [];
    if (inode !== undefined && !owners.has(inode)) owners.set(inode, pid);
    const [, named, name] = /^name (\d+) (.*)$/.exec(line) ?? [];
    if (name !== undefined) names.set(Number(named), name);
  }

  const found = new Map<string, ListeningPort>();
  for (const line of lines) {
    const socket = /^\s*\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) \S+ 0A (?:\S+ ){5}\s*(\d+) /.exec(
      line.replace(/ +/g, " "),
    );
    if (!socket || found.size === mostPorts) continue;
    const [, hex = "", portHex = "", inode = ""] = socket;
    const port = Number.parseInt(portHex, 16);
    const address = addressOf(hex);
    const owner = owners.get(inode);
    if (owner === undefined && address === enginesResolver) continue;
    const process = owner === undefined ? undefined : names.get(owner);
    found.set(`${port} ${address}`, {
      port,
      address,
      ...(owner !== undefined && { pid: owner }),
      ...(process !== undefined && { process }),
    });
  }
  return [...found.values()].sort(
    (one, other) => one.port - other.port || (one.address < other.address ? -1 : 1),
  );
}

/** The kernel writes words of four bytes, the last byte first. */
function addressOf(hex: string): string {
  const bytes = Buffer.from(hex, "hex").swap32();
  if (bytes.length === 4) return bytes.join(".");
  const groups = Array.from({ length: 8 }, (_, at) => bytes.readUInt16BE(2 * at).toString(16));
  return new SocketAddress({ address: groups.join(":"), family: "ipv6" }).address;
}
