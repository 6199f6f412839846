import type { Context } from "../context.ts";
import { messageOf } from "../lib/app-error.ts";
import { guestOf } from "./guest-of.ts";
import { secretsOf } from "./secrets-of.ts";

/** Hands running caves the values that their secrets have now. A cave that is away gets them when it next starts. */
export async function renewSecrets(
  ctx: Context,
  { ownerId, name }: { ownerId: string; name: string },
  signal: AbortSignal,
): Promise<void> {
  const running = (await ctx.store.caves.all("running")).filter(
    (record) => record.ownerId === ownerId && record.secrets.includes(name),
  );
  await Promise.all(
    running.map(async (record) => {
      try {
        await guestOf(ctx, record).setSecrets(await secretsOf(ctx, record), signal);
      } catch (error) {
        ctx.log.warn({ caveId: record.id, reason: messageOf(error) }, "renewing secrets failed");
      }
    }),
  );
}
