import type { IncomingMessage, ServerResponse } from "node:http";
import { defaultCave } from "../../caves/default-cave.ts";
import { isAppError } from "../../lib/app-error.ts";
import { openSurface } from "../../surfaces/open-surface.ts";
import { surfaceOf } from "../../surfaces/origins.ts";
import { identify } from "../caller.ts";
import type { Exchange } from "../exchange.ts";
import type { FrontDoor } from "../front-door.ts";
import { callOf } from "../serve-api.ts";
import { redirect } from "./serve-app.ts";
import { CaveRef } from "#contract/ids.ts";
import { OpenSurface, type Surface } from "#contract/surfaces.ts";

/** Where AIO Sandbox and the first Ghost had their surfaces. */
const wellKnown: Record<string, Surface> = { vnc: "desktop", "code-server": "code", jupyter: "jupyter" };

/**
 * The dashboard's host leads a browser that is signed in to a surface: `/open/<surface>/<cave>?path=` for any, `/vnc/`, `/code-server/` and
 * `/jupyter/` for those of the default cave. Nothing of a cave is ever served here. False for other paths.
 */
export async function serveOpen(
  door: FrontDoor,
  origin: string,
  path: string,
  query: string,
  request: IncomingMessage,
  response: ServerResponse,
  exchange: Exchange,
): Promise<boolean> {
  const wanted = wantedOf(path, query);
  if (wanted === undefined || request.method !== "GET") return false;
  exchange.origin = origin;
  exchange.route = "open";
  try {
    exchange.actor = await identify(door, request, { ...exchange, access: "signed-in", changes: false });
  } catch (error) {
    if (!isAppError(error, "unauthenticated")) throw error;
    redirect(response, `/sign-in?next=${encodeURIComponent(`${path}${query === "" ? "" : `?${query}`}`)}`);
    return true;
  }
  const call = callOf(door.ctx, exchange);
  const { signal } = exchange.abort;
  const cave = wanted.cave ?? (await defaultCave(call, signal)).id;
  const { url } = await openSurface(call, { ...wanted, cave }, signal);
  redirect(response, url);
  return true;
}

function wantedOf(
  path: string,
  query: string,
): { surface: Surface; cave?: string; path: string } | undefined {
  const [, first = "", ...rest] = path.split("/");
  const known = Object.hasOwn(wellKnown, first) ? wellKnown[first] : undefined;
  if (known !== undefined) return { surface: known, path: "/" };
  const [name = "", cave = ""] = rest;
  const surface = surfaceOf(name);
  if (first !== "open" || rest.length !== 2 || surface === undefined || !CaveRef.safeParse(cave).success)
    return undefined;
  const asked = OpenSurface.shape.path.safeParse(new URLSearchParams(query).get("path") ?? "/");
  return { surface, cave, path: (asked.success && asked.data) || "/" };
}
