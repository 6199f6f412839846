import { removeCavesOf } from "../caves/remove.ts";
import type { Call, Context } from "../context.ts";
import { AppError } from "../lib/app-error.ts";
import { newId } from "../lib/new-id.ts";
import { requireScope } from "./actor.ts";
import { issueSignInUrl } from "./sign-in.ts";
import type { CreateUser, NewUser, PatchUser, User } from "#contract/account.ts";

/** The user that the first start makes. */
export const firstUser = "admin";

export async function ensureFirstUser({ store, now }: Pick<Context, "store" | "now">): Promise<User> {
  return store.transaction(async ({ accounts }) => {
    const known = await accounts.find(firstUser);
    if (known !== undefined) return known;
    const user = newUser({ name: firstUser, role: "admin" }, now());
    await accounts.insert(user);
    return user;
  });
}

export async function listUsers({ store, actor }: Call): Promise<{ users: User[] }> {
  requireScope(actor, "admin");
  return { users: await store.accounts.list() };
}

export async function createUser(call: Call, input: CreateUser): Promise<NewUser> {
  requireScope(call.actor, "admin");
  const user = newUser(input, call.now());
  await call.store.accounts.insert(user);
  return { ...user, signInUrl: await issueSignInUrl(call, user.id) };
}

export async function patchUser(
  call: Call,
  { user: name, patch }: { user: string; patch: PatchUser },
): Promise<User> {
  requireScope(call.actor, "admin");
  const user = await find(call, name);
  if (user.id === call.actor.user.id) throw yourself();
  const changed = await call.store.accounts.update(user.id, patch);
  if (changed === undefined) throw notFound(name);
  // What they have open was allowed to the user as they were.
  endAll(call, user.id);
  return changed;
}

/** Their caves first: nothing is left that nobody could remove. */
export async function removeUser(
  call: Call,
  { user: name }: { user: string },
  signal: AbortSignal,
): Promise<void> {
  requireScope(call.actor, "admin");
  const user = await find(call, name);
  if (user.id === call.actor.user.id) throw yourself();
  await call.store.accounts.update(user.id, { disabled: true });
  endAll(call, user.id);
  await removeCavesOf(call, { ownerId: user.id }, signal);
  await call.store.accounts.remove(user.id);
}

async function find({ store }: Call, name: string): Promise<User> {
  const user = await store.accounts.find(name);
  if (user === undefined) throw notFound(name);
  return user;
}

function endAll({ ongoing }: Call, userId: string): void {
  ongoing.end(
    ({ user }) => user.id === userId,
    new AppError("unauthenticated", "The user's rights have changed."),
  );
}

const newUser = ({ name, role }: CreateUser, now: Date): User => ({
  id: newId("user"),
  name,
  role,
  disabled: false,
  createdAt: now.toISOString(),
});
const notFound = (name: string) => new AppError("user_not_found", `There is no user ${name}.`);
const yourself = () =>
  new AppError("bad_request", "You cannot change or delete yourself; another admin can.");
