import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** What a process has open, by name, each as often as it is open: files by path, sockets by where they lead. */
export function descriptorsOf(pid: number): string[] {
  const sockets = socketsOf(pid);
  return readdirSync(`/proc/${pid}/fd`).map((fd) => {
    try {
      const target = readlinkSync(`/proc/${pid}/fd/${fd}`);
      const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
      return inode === undefined
        ? target.replace(/\[\d+\]/, "")
        : (sockets.get(inode) ?? "socket of another kind");
    } catch {
      return "closed meanwhile";
    }
  });
}

/** What is in the second list more often than in the first. */
export function moreIn(before: readonly string[], after: readonly string[]): string[] {
  const rest = [...before];
  return after.filter((name) => {
    const index = rest.indexOf(name);
    if (index >= 0) rest.splice(index, 1);
    return index < 0;
  });
}

function socketsOf(pid: number): Map<string, string> {
  const found = new Map<string, string>();
  const read = (name: string) => readFileSync(`/proc/${pid}/net/${name}`, "utf8").split("\n").slice(1);
  for (const line of [...read("tcp"), ...read("tcp6")]) {
    const [, , remote = "", state = "", , , , , , inode = ""] = line.trim().split(/\s+/);
    if (inode !== "") found.set(inode, state === "0A" ? "a listening port" : `TCP to ${addressOf(remote)}`);
  }
  // A connected unix socket has no name of its own; its peer's is the one before it in most kernels, and not told here.
  for (const line of read("unix")) {
    const [, , , , , , inode = "", path] = line.trim().split(/\s+/);
    if (inode !== "") found.set(inode, path ?? "a unix connection (the engine's API)");
  }
  return found;
}

/** `0100007F:1F90` as the kernel writes it: bytes in reverse order, both parts in hexadecimal. */
function addressOf(text: string): string {
  const [address = "", port = ""] = text.split(":");
  const bytes = address.slice(-8).match(/../g) ?? [];
  return `${bytes
    .reverse()
    .map((byte) => Number.parseInt(byte, 16))
    .join(".")}:${Number.parseInt(port, 16)}`;
}
