import type { Config } from "../config/config.ts";
import type { Context } from "../context.ts";
import { messageOf } from "../lib/app-error.ts";
import type { CaveRecord } from "./cave-record.ts";
import { guestOf } from "./guest-of.ts";

type Settings = Pick<Config, "url" | "appsDomain" | "extensionsGallery">;

/**
 * Variables by which programs in a cave find their way out of it. They follow the gateway's settings and the cave's name, so they are handed
 * over each time it comes up rather than written into its container. What the cave's owner has set by the same name stays.
 */
export function environmentOf(
  { url, appsDomain, extensionsGallery }: Settings,
  { id, name, env }: Pick<CaveRecord, "id" | "name" | "env">,
): Record<string, string> {
  const { protocol, port } = new URL(url);
  const portUrl = (placeholder: string) =>
    `${protocol}//${placeholder}--${id}.${appsDomain}${port === "" ? "" : `:${port}`}`;
  const all = {
    GHOST_CAVE_ID: id,
    GHOST_CAVE_NAME: name,
    GHOST_PORT_URL_TEMPLATE: portUrl("{port}"),
    // VS Code's own spelling: where its Ports view and its links lead.
    VSCODE_PROXY_URI: `${portUrl("{{port}}")}/`,
    // Vite refuses hosts it was not told of; a leading dot stands for all below.
    __VITE_ADDITIONAL_SERVER_ALLOWED_HOSTS: `.${appsDomain}`,
    ...(extensionsGallery && { EXTENSIONS_GALLERY: extensionsGallery.reveal() }),
  };
  return Object.fromEntries(Object.entries(all).filter(([variable]) => !Object.hasOwn(env, variable)));
}

/** For caves that ran on while the gateway was away: it may be back with other settings. */
export async function renewEnvironments(ctx: Context, signal: AbortSignal): Promise<void> {
  const running = await ctx.store.caves.all("running");
  await Promise.all(running.map((record) => renewEnvironment(ctx, record, signal)));
}

/** Never throws: a cave that is away gets it when it next starts. */
export async function renewEnvironment(ctx: Context, record: CaveRecord, signal: AbortSignal): Promise<void> {
  try {
    await guestOf(ctx, record).setEnvironment(environmentOf(ctx.config, record), signal);
  } catch (error) {
    ctx.log.warn({ caveId: record.id, reason: messageOf(error) }, "renewing the environment failed");
  }
}
