import { once } from "node:events";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createServer } from "node:net";

/** Whether something else listens on this port of localhost. */
export async function portIsTaken(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
    return false;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EACCES") return false; // the gateway will say why it may not
    return true;
  } finally {
    server.close();
  }
}

/** Who listens on a port, as far as this system tells: `nginx (process 12)`. */
export function portOwner(port: number): string | undefined {
  const inodes = new Set(["tcp", "tcp6"].flatMap((table) => listeners(read(`/proc/net/${table}`), port)));
  if (inodes.size === 0) return undefined;
  for (const pid of list("/proc").filter((name) => /^\d+$/.test(name)))
    for (const fd of list(`/proc/${pid}/fd`)) {
      const inode = /^socket:\[(\d+)\]$/.exec(link(`/proc/${pid}/fd/${fd}`))?.[1];
      if (inode !== undefined && inodes.has(inode))
        return `${read(`/proc/${pid}/comm`).trim()} (process ${pid})`;
    }
  return undefined;
}

/** The socket inodes of a /proc/net table that listen on a port. */
export function listeners(table: string, port: number): string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  return table.split("\n").flatMap((line) => {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    return state === "0A" && local?.endsWith(`:${hex}`) && inode !== undefined ? [inode] : [];
  });
}

/** What another user owns, or what is gone by now, reads as nothing. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
