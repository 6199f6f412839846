import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { pino } from "pino";
import { hashOf } from "../../server/auth/credentials.ts";
import { mintToken } from "../../server/auth/tokens.ts";
import type { Backend } from "../../server/backends/backend.ts";
import { createMemoryBackend } from "../../server/backends/memory/memory-backend.ts";
import type { Backends } from "../../server/backends/open-backends.ts";
import { parseConfig } from "../../server/config/config.ts";
import type { Env } from "../../server/config/env.ts";
import type { Context } from "../../server/context.ts";
import type { Guest } from "../../server/guest/guest.ts";
import { AppError } from "../../server/lib/app-error.ts";
import { newId } from "../../server/lib/new-id.ts";
import { startGhost } from "../../server/start.ts";
import { freePort } from "./free-port.ts";
import { TestGuests } from "./test-guests.ts";
import { createClient, type Client } from "#contract/client.ts";
import type { Scope } from "#contract/scopes.ts";

export interface TestServerOptions {
  /** Default: one in memory, called `docker` as the API's default wants. */
  backend?: Backend;
  /** What can be done inside every cave; without it, what the gateway itself makes of the backend. */
  inside?: Partial<Guest>;
  now?: () => Date;
  env?: Env;
}

/** A whole gateway in this process, on a port and in a home of its own. */
export interface TestServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly home: string;
  readonly ctx: Context;
  /** Of the first admin, with every right. */
  readonly token: string;
  readonly client: Client;
  /** Everything that was logged. */
  readonly log: () => string;
  /** A token of a user, who is made when there is none of that name. */
  tokenOf(name: string, scopes?: readonly Scope[], role?: "admin" | "member"): Promise<string>;
  as(token: string | undefined): Client;
}

export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  await using stack = new AsyncDisposableStack();
  const home = mkdtempSync(join(tmpdir(), "ghost-test-"));
  stack.defer(() => rmSync(home, { recursive: true, force: true }));
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  const backend = options.backend ?? createMemoryBackend({ name: "docker" });
  // Known before it listens: the addresses of apps have it in them.
  const port = options.env?.GHOST_PORT ?? String(await freePort());
  const config = parseConfig({ GHOST_HOME: home, GHOST_PORT: port, GHOST_HOST: "127.0.0.1", ...options.env });
  const ghost = stack.use(
    await startGhost(config, {
      backends: stack.use(only(backend)),
      log: pino({ level: "debug" }, sink),
      ...(options.inside && { guests: new TestGuests(options.inside) }),
      ...(options.now && { now: options.now }),
    }),
  );
  const { ctx, gateway } = ghost;
  const url = `${config.tls ? "https" : "http"}://127.0.0.1:${gateway.port}`;
  const as = (token: string | undefined) => createClient({ url, token });

  async function tokenOf(
    name: string,
    scopes: readonly Scope[] = ["admin"],
    role: "admin" | "member" = "admin",
  ) {
    let user = await ctx.store.accounts.find(name);
    if (user === undefined) {
      user = { id: newId("user"), name, role, disabled: false, createdAt: ctx.now().toISOString() };
      await ctx.store.accounts.insert(user);
    }
    const made = mintToken({ name: "test", scopes: [...scopes], expiresInMs: 86_400_000 }, ctx.now());
    await ctx.store.tokens.insert(user.id, made.token, hashOf(made.secret));
    return made.secret;
  }

  const token = await tokenOf("admin");
  const owned = stack.move();
  return {
    ...{ url, port: gateway.port, home, ctx, token, as, tokenOf },
    client: as(token),
    log: () => lines.join(""),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function only(backend: Backend): Backends {
  return {
    get(name) {
      if (name !== backend.name) throw new AppError("backend_not_found", `There is no backend ${name}.`);
      return backend;
    },
    all: () => [backend],
    [Symbol.asyncDispose]: async () => backend[Symbol.asyncDispose](),
  };
}
