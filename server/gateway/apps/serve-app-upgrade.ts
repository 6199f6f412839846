import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { AppError } from "../../lib/app-error.ts";
import type { AppHost } from "../../surfaces/origins.ts";
import { ownPrefix } from "../../surfaces/own-paths.ts";
import type { Exchange } from "../exchange.ts";
import type { FrontDoor } from "../front-door.ts";
import { serveSocket, socketAt } from "../serve-socket.ts";
import { requireSocketOrigin } from "./same-cave.ts";
import { routeOf } from "./serve-app.ts";
import { isItsOwn, isViewer, viewerOf } from "./serve-viewer.ts";
import { targetOf } from "./target.ts";

/** An upgrade on the host of an app takes the same road as a request, and a browser's `Origin` must be the app's own. */
export async function serveAppUpgrade(
  door: FrontDoor,
  app: AppHost,
  { request, socket, head }: { request: IncomingMessage; socket: Duplex; head: Buffer },
  exchange: Exchange,
): Promise<void> {
  const { ctx, visits } = door;
  const { signal } = exchange.abort;
  exchange.origin = app.origin;
  exchange.route = routeOf(app);
  if (request.url?.startsWith(ownPrefix))
    throw new AppError("not_found", "There is no WebSocket at this path.");
  const visit = await visits(door, request, { caveId: app.cave, surface: app.surface }, exchange.ip);
  exchange.actor = visit.actor;
  if (visit.ambient) requireSocketOrigin(request.headers, app, ctx.config);
  const { surface } = app;
  if (isViewer(surface)) {
    const found = socketAt(door, request);
    if (!isItsOwn({ ...app, surface }, found.route.name, found.params))
      throw new AppError("not_found", "There is no WebSocket at this path.");
    exchange.actor = viewerOf(visit, request, app, found.route.endpoint.access, false);
    await serveSocket(door, found, { request, socket, head }, exchange);
    return;
  }
  const { record } = visit;
  if (record.state !== "running")
    throw new AppError("cave_state", `${record.name} is ${record.state}.`, {
      details: { state: record.state },
    });
  using _open = ctx.ongoing.add({
    requestId: exchange.id,
    actor: visit.actor,
    end: (reason) => exchange.abort.abort(reason),
  });
  const target = targetOf(ctx, app, visit, request, exchange.ip, door.frameAncestors);
  const { failure } = await door.relay.upgrade(request, socket, head, target, signal);
  if (failure !== undefined) exchange.failure = failure;
}
