import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { compileRouter } from "../api/router.ts";
import { handlers } from "../api/routes.ts";
import { createFailures } from "../auth/failures.ts";
import type { Context } from "../context.ts";
import { AppError } from "../lib/app-error.ts";
import { dropWithCaves } from "./apps/drop-with-caves.ts";
import { createVisits } from "./apps/visits.ts";
import { createDashboard } from "./dashboard.ts";
import { createFrontDoor, type FrontDoor } from "./front-door.ts";
import { createHosts } from "./hosts.ts";
import { createPages, createViewer } from "./pages.ts";
import { openRelay } from "./relay/relay.ts";
import { keepTls, loadTls } from "./tls.ts";
import { api } from "#contract/index.ts";

/** Everything that listens. */
export interface Gateway extends AsyncDisposable {
  readonly port: number;
  /** Takes no more requests, lets those that are nearly done finish, and ends the rest when the signal aborts. */
  drain(signal: AbortSignal): Promise<void>;
}

/** Streams and sockets have no end of their own: they are ended so long after the gateway stopped listening. */
const streamsMs = 500;

export async function openGateway(ctx: Context): Promise<Gateway> {
  const { hosts: addresses, port: wanted } = ctx.config.listen;
  const { match } = compileRouter(api, handlers);
  const failures = createFailures(ctx.now);
  const pages = createPages(createDashboard(ctx.config));
  const front: { door?: FrontDoor } = {};

  const endAll = () => ctx.ongoing.end(() => true, new AppError("shutting_down", "Ghost is shutting down."));

  await using stack = new AsyncDisposableStack();
  const relay = stack.use(openRelay({ log: ctx.log }));
  stack.use(dropWithCaves(ctx, relay));
  const tls = ctx.config.tls && loadTls(ctx.config.tls);
  const servers: Server[] = [];
  let port = wanted;
  for (const [index, host] of addresses.entries()) {
    const server = createFrontDoor(() => front.door ?? unready(), tls);
    try {
      await listen(server, host, port);
    } catch (error) {
      // Where the machine has no IPv6 there is nobody to serve on it.
      if (index > 0 && isNoAddress(error)) continue;
      throw explain(error, host, port);
    }
    stack.defer(() => close(server));
    servers.push(server);
    port = (server.address() as AddressInfo).port;
  }
  if (ctx.config.tls) stack.use(keepTls(ctx.config.tls, servers, ctx.log));
  const hosts = createHosts(ctx.config, port);
  // IPv6 literals are no sources of a policy.
  const frameAncestors = ["'self'", ...hosts.own.filter((origin) => !origin.includes("["))].join(" ");
  const viewers = {
    terminal: createViewer("terminal", frameAncestors),
    desktop: createViewer("desktop", frameAncestors),
  };
  front.door = {
    ctx,
    failures,
    pages,
    viewers,
    relay,
    visits: createVisits(),
    router: match,
    hosts,
    frameAncestors,
  };
  stack.defer(endAll);
  const owned = stack.move();
  return {
    port,
    async drain(signal) {
      const closed = servers.map((server) => (server.listening ? once(server, "close") : Promise.resolve()));
      for (const server of servers) server.close().closeIdleConnections();
      const timer = setTimeout(endAll, streamsMs);
      const force = () => servers.forEach((server) => server.closeAllConnections());
      signal.addEventListener("abort", force, { once: true });
      if (signal.aborted) force();
      await Promise.all(closed);
      clearTimeout(timer);
      signal.removeEventListener("abort", force);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  server.listen({ host, port });
  await once(server, "listening");
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, "close");
  server.close().closeAllConnections();
  await closed;
}

function isNoAddress(error: unknown): boolean {
  return ["EADDRNOTAVAIL", "EAFNOSUPPORT"].includes((error as NodeJS.ErrnoException).code ?? "");
}

function explain(error: unknown, host: string, port: number): Error {
  switch ((error as NodeJS.ErrnoException).code) {
    case "EADDRINUSE":
      return new Error(
        `Port ${port} on ${host} is taken. Stop what listens there, or set GHOST_PORT to another.`,
        { cause: error },
      );
    case "EACCES":
      return new Error(`Ghost may not listen on port ${port}. Set GHOST_PORT to one above 1023.`, {
        cause: error,
      });
    default:
      return new Error(`Ghost cannot listen on ${host}, port ${port}: ${(error as Error).message}`, {
        cause: error,
      });
  }
}

function unready(): never {
  throw new AppError("shutting_down", "Ghost is still starting.");
}
