import type { Readable } from "node:stream";
import type { Call } from "../context.ts";
import { guestOf } from "./guest-of.ts";
import { mustMove } from "./lifecycle.ts";
import { ownedCave } from "./owned.ts";

export interface CaveLogs {
  cave: string;
  /** One of its services; without it the cave's own output. */
  service?: string | undefined;
  since?: string | undefined;
  tail?: number | undefined;
  follow: boolean;
}

/** Text, as it was written. A service's log is read in the cave, so the cave must run; its own output is there as long as the cave is. */
export async function caveLogs(call: Call, input: CaveLogs, signal: AbortSignal): Promise<Readable> {
  const record = await ownedCave(call, input.cave, "caves:read");
  const { service, since, tail, follow } = input;
  if (service !== undefined) {
    mustMove(record, "enter");
    return guestOf(call, record).serviceLogs(service, { follow }, signal);
  }
  const options = {
    follow,
    ...(since !== undefined && { sinceMs: Date.parse(since) }),
    ...(tail !== undefined && { tail }),
  };
  return call.backends.get(record.backend).logs(record.id, options, signal);
}
