import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { posix } from "node:path";
import { sendJson, type Handler } from "./lib/exchange.ts";
import { pids, readStat } from "./processes/proc.ts";
import type { ListeningPort } from "#contract/cave.ts";
import { daemonPort } from "#contract/daemon.ts";

const listening = "0A";
/** The engine's name server, which runs inside the cave's network but is none of its processes. */
const engineResolver = "127.0.0.11";
/** An IPv4 address in IPv6's clothes. */
const mappedPrefix = "0,0,0,0,0,0,0,0,0,0,255,255";

export const listPorts: Handler = ({ res }) => {
  sendJson(res, readPorts());
};

export function readPorts(): ListeningPort[] {
  return withOwners(readSockets());
}

interface ListeningSocket {
  port: number;
  address: string;
  inode: string;
}

/** Without a sign of change the tables are read all the same after so many looks: a port may have taken another's place. */
const looksPerRead = 10;

/**
 * Tells of changes. The kernel walks through all of the machine's connections to print a cave's, which takes milliseconds; how many sockets the cave
 * has it knows at once. So that is what an idle cave is asked.
 */
export class PortWatcher {
  #sockets: string | undefined;
  #looks = 0;
  #seen: string | undefined;

  /** The ports, when they are others than the last time. */
  changed(): ListeningPort[] | undefined {
    const inUse = socketsInUse();
    if (inUse !== undefined && inUse === this.#sockets && ++this.#looks < looksPerRead) return undefined;
    this.#sockets = inUse;
    this.#looks = 0;
    const sockets = readSockets();
    const seen = sockets.map(({ port, address, inode }) => `${port} ${address} ${inode}`).join("\n");
    if (seen === this.#seen) return undefined;
    this.#seen = seen;
    return withOwners(sockets);
  }
}

function socketsInUse(): string | undefined {
  const counts = ["/proc/net/sockstat", "/proc/net/sockstat6"].map((path) => {
    const text = attempt(() => readFileSync(path, "latin1")) ?? "";
    return /^TCP6?: inuse \d+/m.exec(text)?.[0];
  });
  return counts[0] && counts.join();
}

function readSockets(): ListeningSocket[] {
  const tables = ["/proc/net/tcp", "/proc/net/tcp6"].map(
    (path) => attempt(() => readFileSync(path, "latin1")) ?? "",
  );
  const sockets = new Map<string, ListeningSocket>();
  for (const socket of tables.flatMap(parseSockets)) {
    const { port, address } = socket;
    // Several processes may share one address.
    if (port !== daemonPort && address !== engineResolver) sockets.set(`${port} ${address}`, socket);
  }
  return [...sockets.values()].sort((a, b) => a.port - b.port);
}

export function parseSockets(table: string): ListeningSocket[] {
  return table.split("\n").flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    const [address = "", port = ""] = (fields[1] ?? "").split(":");
    if (fields[3] !== listening || port === "") return [];
    return [{ port: Number.parseInt(port, 16), address: showAddress(address), inode: fields[9] ?? "" }];
  });
}

/** The kernel prints addresses as 32-bit numbers of the machine's own byte order. */
function showAddress(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => [...Buffer.from(word, "hex").reverse()]);
  if (bytes.length === 4) return bytes.join(".");
  if (bytes.slice(0, 12).join() === mappedPrefix) return bytes.slice(12).join(".");
  const groups = Array.from({ length: 8 }, (_, i) =>
    Buffer.from(bytes.slice(2 * i, 2 * i + 2)).toString("hex"),
  );
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1); // in its shortest form
}

function withOwners(sockets: readonly ListeningSocket[]): ListeningPort[] {
  const wanted = new Set(sockets.map(({ inode }) => `socket:[${inode}]`));
  const owners = new Map<string, number>();
  for (const pid of wanted.size > 0 ? pids() : []) {
    for (const target of descriptorsOf(pid)) {
      if (wanted.has(target) && !owners.has(target)) owners.set(target, pid);
    }
    if (owners.size === wanted.size) break;
  }
  return sockets.map(({ port, address, inode }) => {
    const pid = owners.get(`socket:[${inode}]`);
    return { port, address, ...(pid !== undefined && { pid, process: nameOf(pid) }) };
  });
}

function descriptorsOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  // A process may have ended, or be another user's; a descriptor may have been closed.
  return (attempt(() => readdirSync(folder)) ?? []).flatMap(
    (fd) => attempt(() => readlinkSync(`${folder}/${fd}`)) ?? [],
  );
}

/** The program's name; the kernel's own name for a process is often a thread's. */
function nameOf(pid: number): string {
  const program = attempt(() => readFileSync(`/proc/${pid}/cmdline`, "utf8"))?.split(/[\0 ]/, 1)[0] ?? "";
  return posix.basename(program).replace(/:$/, "") || (attempt(() => readStat(pid).name) ?? "");
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
