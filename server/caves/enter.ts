import type { Call } from "../context.ts";
import type { Guest } from "../guest/guest.ts";
import type { CaveRecord } from "./cave-record.ts";
import { guestOf } from "./guest-of.ts";
import { mustMove } from "./lifecycle.ts";
import { ownedCave } from "./owned.ts";
import type { Scope } from "#contract/scopes.ts";

export interface EnterCave {
  cave: string;
  scope: Scope;
  /** What is done in it (`exec`, `file`, …), where that counts as activity. Looking does not. */
  activity?: string;
}

export interface Entered {
  cave: CaveRecord;
  guest: Guest;
  /** It goes on: for streams that move bytes for long. */
  touch: () => void;
}

/** The way to everything that is done inside a cave. */
export async function enterCave(call: Call, input: EnterCave, _signal?: AbortSignal): Promise<Entered> {
  const record = await ownedCave(call, input.cave, input.scope);
  mustMove(record, "enter");
  const touch = () => {
    if (input.activity !== undefined) call.fleet.touch(record, input.activity);
  };
  touch();
  return { cave: record, guest: guestOf(call, record), touch };
}
