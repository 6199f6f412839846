import type { User } from "#contract/account.ts";
import { scopes, type Scope } from "#contract/scopes.ts";

const everything = Object.keys(scopes) as Scope[];
const ofMembers = everything.filter((scope) => scope !== "admin");

/** The most that a user may do, whatever a token of theirs says. */
export function scopesOf(user: Pick<User, "role">): readonly Scope[] {
  return user.role === "admin" ? everything : ofMembers;
}
