import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Duplex } from "node:stream";
import { hashToken } from "../../daemon-token.ts";
import type { Guest } from "../../guest.ts";
import type { DaemonAddress } from "../client.ts";
import { openDaemonGuest } from "../daemon-guest.ts";

const entry = new URL("../../../../cave-image/daemon/main.ts", import.meta.url).pathname;
const token = "a token for tests";

export interface HostDaemon extends AsyncDisposable {
  guest: Guest;
  address: DaemonAddress;
  /** Its workspace. */
  folder: string;
  pid: number;
  /** Connections that were dialled. */
  dialled: Duplex[];
}

/** The real daemon as a process of this machine, and the guest that talks to it. */
export async function startHostDaemon(env: Record<string, string> = {}): Promise<HostDaemon> {
  const folder = await mkdtemp(join(tmpdir(), "guest-test-"));
  await chmod(folder, 0o777);
  const user = process.getuid?.() === 0 ? { uid: 1000, gid: 1000 } : {};
  const child = spawn(process.execPath, ["--no-warnings", entry], {
    stdio: ["ignore", "ignore", "pipe"],
    env: {
      PATH: "/usr/local/bin:/usr/bin:/bin",
      HOME: folder,
      GHOST_DAEMON_TOKEN_SHA256: hashToken(token),
      GHOST_DAEMON_PORT: "0",
      GHOST_DAEMON_WORKSPACE: folder,
      ...env,
    },
    ...user,
  });
  const lines = createInterface(child.stderr);
  const [line] = (await once(lines, "line")) as [string];
  const { port } = (JSON.parse(line) as { address: { port: number } }).address;

  const dialled: Duplex[] = [];
  const dial = async (_port: number, signal: AbortSignal) => {
    const socket = connect({ host: "127.0.0.1", port, noDelay: true });
    dialled.push(socket);
    await once(socket, "connect", { signal });
    return socket;
  };
  const guest = openDaemonGuest({ dial, token });
  return {
    guest,
    address: { dial, token },
    folder,
    pid: child.pid ?? 0,
    dialled,
    async [Symbol.asyncDispose]() {
      await guest[Symbol.asyncDispose]();
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
