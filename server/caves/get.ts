import type { Call } from "../context.ts";
import { ownedCave } from "./owned.ts";
import { viewOf } from "./view.ts";
import type { Cave } from "#contract/cave.ts";

export async function getCave(call: Call, { cave }: { cave: string }, _signal?: AbortSignal): Promise<Cave> {
  return viewOf(await ownedCave(call, cave, "caves:read"), call.fleet.live);
}
