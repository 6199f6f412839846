import type { Context } from "../context.ts";
import { isAppError } from "../lib/app-error.ts";
import type { CaveRecord } from "./cave-record.ts";

/** The values that a cave's processes get: of those secrets that are still there. */
export async function secretsOf(
  ctx: Context,
  { ownerId, secrets }: Pick<CaveRecord, "ownerId" | "secrets">,
): Promise<Record<string, string>> {
  const each = secrets.map(async (name) => {
    try {
      return await ctx.vault.reveal(ownerId, [name]);
    } catch (error) {
      if (isAppError(error, "secret_not_found")) return {};
      throw error;
    }
  });
  return Object.assign({}, ...(await Promise.all(each))) as Record<string, string>;
}
