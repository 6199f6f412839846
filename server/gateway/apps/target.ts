import type { IncomingMessage } from "node:http";
import type { Context } from "../../context.ts";
import { connectSurface, titleOf } from "../../surfaces/connect.ts";
import type { AppHost } from "../../surfaces/origins.ts";
import type { RelayTarget } from "../relay/target.ts";
import { isOwnCookie } from "./pass-cookie.ts";
import { siblingOf } from "./same-cave.ts";
import type { Visit } from "./visits.ts";

/**
 * What the relay needs to know of an app. Ports are shown a world in which they are `localhost`, which every development server trusts; VS Code and
 * Jupyter are told their real address, because they write it into what they serve.
 */
export function targetOf(
  ctx: Context,
  app: AppHost,
  { record, actor, framed }: Visit,
  request: IncomingMessage,
  ip: string,
  frameAncestors: string,
): RelayTarget {
  const { surface, origin } = app;
  const port = typeof surface === "number";
  const host = origin.slice(origin.indexOf("//") + 2);
  const from = request.headers.origin;
  const sibling = from === undefined ? undefined : siblingOf(from, app, ctx.config);
  const title = titleOf(surface);
  return {
    key: `${record.id}/${record.startedAt?.getTime() ?? 0}/${surface}`,
    dial: (signal) => connectSurface(ctx, record, surface, signal),
    host: port ? `localhost:${surface}` : host,
    forwarded: { for: ip, proto: origin.startsWith("https:") ? "https" : "http", host },
    dropCookies: isOwnCookie,
    // What is shown to everybody may be framed by whomever the app says.
    ...(actor.via !== "public" && { frameAncestors }),
    ...(from !== undefined &&
      sibling !== undefined && { sibling: { outside: from, inside: `http://localhost:${sibling}` } }),
    framed,
    label: `${title} of ${record.name}`,
    ...(port && {
      waiting: {
        title: `Waiting for port ${surface}`,
        text: `Nothing listens on port ${surface} of ${record.name} yet. This page loads by itself when something does.`,
      },
    }),
    onActivity: () => ctx.fleet.touch(record, port ? "port" : surface),
  };
}
