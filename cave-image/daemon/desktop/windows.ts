import type { Handler } from "../lib/exchange.ts";
import { sendJson } from "../lib/exchange.ts";
import { Problem } from "../lib/problem.ts";
import { display } from "../services/definitions.ts";
import { isReady } from "../services/services.ts";
import { XConnection } from "./x-connection.ts";
import type { DesktopWindow } from "#contract/cave.ts";
import { mostDesktopWindows } from "#contract/daemon.ts";

export const displaySocket = `/tmp/.X11-unix/X${display.slice(1)}`;

/** Atoms that every X server has. */
const wmName = 39;
const wmClass = 67;
const latin1 = 31;

const titleBytes = 1024;
const classBytes = 256;
const typeBytes = 64;

/** When each was first in the list. */
const seen = new Map<number, string>();

export const listWindows: Handler = async ({ res }) => {
  if (!isReady("desktop")) throw new Problem("surface_stopped", "The desktop of this cave is not running.");
  sendJson(res, await currentWindows(displaySocket));
};

async function currentWindows(socket: string): Promise<DesktopWindow[]> {
  try {
    using connection = await XConnection.open(socket);
    return await readWindows(connection);
  } catch {
    throw new Problem("surface_stopped", "The desktop could not be looked at just now.");
  }
}

/** What the window manager counts as windows, without menus, tooltips, docks and the like. Titles are as their programs set them: anything. */
export async function readWindows(x: XConnection): Promise<DesktopWindow[]> {
  const list = await x.property(x.root, await x.atom("_NET_CLIENT_LIST"), 4 * mostDesktopWindows);
  const ids = numbersOf(list?.value);
  for (const id of seen.keys()) if (!ids.includes(id)) seen.delete(id);
  const windows = await Promise.all(ids.map((id) => readWindow(x, id)));
  return windows.filter((window) => window !== undefined);
}

/** It is gone, or all are: X servers use their numbers again. */
export function forgetWindow(id?: number): void {
  if (id === undefined) seen.clear();
  else seen.delete(id);
}

async function readWindow(x: XConnection, id: number): Promise<DesktopWindow | undefined> {
  const atoms = ["_NET_WM_NAME", "_NET_WM_WINDOW_TYPE", "_NET_WM_WINDOW_TYPE_NORMAL"];
  const [netName = 0, type = 0, normal = 0, dialog = 0] = await Promise.all(
    [...atoms, "_NET_WM_WINDOW_TYPE_DIALOG"].map((name) => x.atom(name)),
  );
  const [name, oldName, kind, types] = await Promise.all([
    x.property(id, netName, titleBytes),
    x.property(id, wmName, titleBytes),
    x.property(id, wmClass, classBytes),
    x.property(id, type, typeBytes),
  ]);
  if (!name || !oldName || !kind || !types) return undefined;
  const isOf = numbersOf(types.value);
  if (isOf.length > 0 && !isOf.includes(normal) && !isOf.includes(dialog)) return undefined;
  const since = seen.get(id) ?? new Date().toISOString();
  seen.set(id, since);
  const [instance = "", program = ""] = kind.value.toString("latin1").split("\0");
  const title = name.value.length > 0 ? name.value.toString() : oldName.value.toString(charsetOf(oldName));
  return { id, title, class: program === "" ? instance : program, since };
}

const charsetOf = ({ type }: { type: number }) => (type === latin1 ? "latin1" : "utf8");

function numbersOf(value: Buffer = Buffer.alloc(0)): number[] {
  const numbers = Array.from({ length: Math.floor(value.length / 4) }, (_, i) => value.readUInt32LE(4 * i));
  return [...new Set(numbers)];
}
