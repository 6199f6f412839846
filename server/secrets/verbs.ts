import { renewSecrets } from "../caves/secrets.ts";
import type { Call } from "../context.ts";
import { AppError } from "../lib/app-error.ts";
import type { Secret } from "#contract/account.ts";

export async function listSecrets({ vault, actor }: Call): Promise<{ secrets: Secret[] }> {
  return { secrets: await vault.list(actor.user.id) };
}

export async function putSecret(
  call: Call,
  { name, value }: { name: string; value: string },
  signal: AbortSignal,
): Promise<Secret> {
  const secret = await call.vault.put(call.actor.user.id, name, value);
  await renewSecrets(call, { ownerId: call.actor.user.id, name }, signal);
  return secret;
}

export async function removeSecret(
  call: Call,
  { name }: { name: string },
  signal: AbortSignal,
): Promise<void> {
  if (!(await call.vault.remove(call.actor.user.id, name))) {
    throw new AppError("secret_not_found", `You have no secret ${name}.`);
  }
  await renewSecrets(call, { ownerId: call.actor.user.id, name }, signal);
}
