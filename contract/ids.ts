import { z } from "zod";

/** Ids are random (80 bits, base32), carry their kind, and are never used again. */
const id = (kind: string) => z.string().regex(new RegExp(`^${kind}-[a-z2-7]{16}$`));

export const CaveId = id("cave");
export const TokenId = id("tok");
export const UserId = id("user");
export const TerminalId = id("term");
export const PortLinkId = id("link");

/** A DNS label, because it becomes part of host names (`3000--my-cave.…`): no `--`, at most 40 characters, and not an id. */
export const CaveName = z
  .string()
  .max(40)
  .regex(
    /^[a-z](?:[a-z0-9]|-(?=[a-z0-9]))*$/,
    "Use lower-case letters, digits and single hyphens, starting with a letter.",
  )
  .refine((name) => !CaveId.safeParse(name).success, "That is an id, not a name.");

/** How a path names a cave: by id or by name. */
export const CaveRef = z.union([CaveId, CaveName]).describe("A cave's id or name");

export const Port = z.coerce.number().int().min(1).max(65_535);
/** A port in a path: digits alone, so that `3000@evil` is refused rather than cut short. */
export const PortParam = z
  .string()
  .regex(/^[1-9]\d{0,4}$/)
  .transform(Number)
  .refine((port) => port <= 65_535);

export const Timestamp = z.iso.datetime();
