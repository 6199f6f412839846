import { Changes } from "../lib/changes.ts";
import { pause } from "../lib/pause.ts";
import { isReady } from "../services/services.ts";
import { displaySocket, forgetWindow, readWindows } from "./windows.ts";
import { XConnection } from "./x-connection.ts";
import type { DesktopWindow } from "#contract/cave.ts";
import { mostOpenedWindows } from "#contract/daemon.ts";

/** For so long windows gather that open together, and programs give theirs its title. */
const settleMs = 500;
const firstWaitMs = 1_000;
const longestWaitMs = 60_000;

const ours = { socket: displaySocket, isReady: () => isReady("desktop") };

/**
 * Tells of windows that open, while the desktop runs and until the signal aborts. The X server says when the list of windows changes: until then nothing
 * happens here. Never throws; a program of the cave may cut this connection, and it is made anew after a while.
 */
export async function followWindows(
  tell: (opened: DesktopWindow[]) => void,
  signal: AbortSignal,
  { socket, isReady } = ours,
): Promise<void> {
  const wanted = () => isReady() && !signal.aborted;
  let waitMs = firstWaitMs;
  while (wanted()) {
    const began = performance.now();
    await followOnce(socket, tell, signal).catch(() => undefined); // the X server is gone, or never was one
    if (!signal.aborted) forgetWindow();
    if (performance.now() - began > longestWaitMs) waitMs = firstWaitMs;
    if (wanted()) await pause(waitMs, signal);
    waitMs = Math.min(2 * waitMs, longestWaitMs);
  }
}

async function followOnce(
  socket: string,
  tell: (opened: DesktopWindow[]) => void,
  signal: AbortSignal,
): Promise<void> {
  const changes = new Changes();
  const list = { atom: 0, changed: false };
  const known = new Set<number>();
  using x = await XConnection.open(socket, {
    onChange(window, property) {
      if (window !== x.root || property !== list.atom) return;
      list.changed = true;
      changes.announce();
    },
    // The next window may have its number.
    onEnd(window) {
      known.delete(window);
      forgetWindow(window);
    },
    onClose: () => changes.announce(),
  });
  const look = async () => {
    const windows = await readWindows(x);
    const opened = windows.filter(({ id }) => !known.has(id));
    known.clear();
    for (const { id } of windows) known.add(id);
    for (const { id } of opened) x.listen(id, "end");
    return opened;
  };
  list.atom = await x.atom("_NET_CLIENT_LIST");
  x.listen(x.root, "properties");
  await look(); // those that are there already are no news
  while (!x.closed && !signal.aborted) {
    if (!list.changed) {
      await changes.next(signal);
      continue;
    }
    await pause(settleMs, signal);
    list.changed = false;
    const opened = await look();
    if (opened.length > 0) tell(opened.slice(0, mostOpenedWindows));
  }
}
