import type { Context } from "../context.ts";
import type { Guest } from "../guest/guest.ts";
import type { CaveRecord } from "./cave-record.ts";

/** Whoever does things inside this cave. */
export function guestOf(ctx: Context, record: Pick<CaveRecord, "id" | "backend" | "daemon">): Guest {
  const { id, daemon } = record;
  return ctx.guests.for({
    id,
    backend: ctx.backends.get(record.backend),
    ...(daemon !== undefined && { daemon }),
  });
}
