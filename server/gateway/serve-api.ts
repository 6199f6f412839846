import type { IncomingMessage, ServerResponse } from "node:http";
import { chooseAnswer, sendAnswer, sendJson } from "../api/answer.ts";
import { errorBody, errorHeaders, foldError } from "../api/errors.ts";
import { readInput } from "../api/read-input.ts";
import type { Route } from "../api/router.ts";
import type { Actor } from "../auth/actor.ts";
import type { Call, Context } from "../context.ts";
import type { AppError } from "../lib/app-error.ts";
import { identify, nobody, permit, tooMany, type Door } from "./caller.ts";
import type { Exchange } from "./exchange.ts";
import { closeAfterRefusal } from "./linger.ts";
import type { Access } from "#contract/endpoint.ts";

/** Answers an endpoint: who, whether, what, and the answer in the form that was asked for. */
export async function serveApi(
  door: Door,
  route: Route,
  rawParams: Record<string, string>,
  query: string,
  request: IncomingMessage,
  response: ServerResponse,
  exchange: Exchange,
  who: (access: Access, changes: boolean) => Actor | Promise<Actor> = (access, changes) =>
    identify(door, request, { access, changes, ...exchange }),
): Promise<void> {
  const { ctx } = door;
  const { endpoint } = route;
  const { signal } = exchange.abort;
  const changes = endpoint.method !== "get";
  exchange.route = route.name;
  try {
    const actor = await who(endpoint.access, changes);
    exchange.actor = actor;
    permit(actor, endpoint.access);
    if (actor !== nobody) {
      exchange.open?.[Symbol.dispose]();
      exchange.open = ctx.ongoing.add({
        requestId: exchange.id,
        actor,
        end: (reason) => exchange.abort.abort(reason),
      });
    }
    const choice = chooseAnswer(route, request.headers.accept);
    // Before the caller is known no body is called for.
    if (request.headers.expect !== undefined) response.writeContinue();
    const input = await readInput(route, request, rawParams, query, signal);
    const result: unknown = await choice.run(callOf(ctx, exchange), input, signal);
    if (hasId(result)) exchange.made = result.id;
    signal.throwIfAborted();
    await sendAnswer(route, choice, result, response, (error) => describe(error, exchange, ctx), signal);
  } catch (error) {
    // The one public way to try a credential.
    const limited =
      endpoint.access === "public" && foldError(error).status === 401 && tooMany(door.failures, exchange.ip);
    answerError(ctx, exchange, response, limited || error);
  }
  if (changes || exchange.error?.status === 401 || exchange.error?.status === 403) {
    auditExchange(ctx, request, exchange, rawParams);
  }
}

function hasId(result: unknown): result is { id: string } {
  return typeof result === "object" && result !== null && "id" in result && typeof result.id === "string";
}

export function callOf(ctx: Context, { actor, id, ip }: Exchange): Call {
  return { ...ctx, log: ctx.log.child({ request: id }), actor, requestId: id, ip };
}

/** An error that has to be told inside a stream. */
function describe(error: unknown, exchange: Exchange, ctx: Context): unknown {
  exchange.error = noted(error, exchange, ctx);
  return errorBody(exchange.error, exchange.id).error;
}

export function answerError(
  ctx: Context,
  exchange: Exchange,
  response: ServerResponse,
  error: unknown,
): void {
  if (response.destroyed) return;
  exchange.error = noted(error, exchange, ctx);
  if (response.headersSent) {
    response.destroy(); // what was promised cannot be kept; a cut connection is the only way left to say so
    return;
  }
  for (const name of ["content-length", "etag", "set-cookie"]) response.removeHeader(name);
  closeAfterRefusal(response);
  sendJson(
    response,
    exchange.error.status,
    errorBody(exchange.error, exchange.id),
    errorHeaders(exchange.error),
  );
}

/** The error in our words; what only the log may say is said there. */
export function noted(error: unknown, exchange: Exchange, { log }: Context): AppError {
  const known = foldError(error);
  if (known.code === "internal")
    log.error({ request: exchange.id, err: known.cause ?? known }, "request failed");
  return known;
}

/** Writes down what changed something, and what was denied. */
export function auditExchange(
  ctx: Context,
  request: IncomingMessage,
  exchange: Exchange,
  params: Record<string, string>,
): void {
  const { actor, error, ip, id, route } = exchange;
  // A caller who sent no credential at all has tried nothing.
  if (
    error?.code === "unauthenticated" &&
    request.headers.authorization === undefined &&
    request.headers.cookie === undefined
  )
    return;
  if (error?.code === "too_many_requests") return;
  const target = [...Object.values(params), ...(exchange.made === undefined ? [] : [exchange.made])]
    .join("/")
    .slice(0, 200)
    .replace(/[^\x20-\x7e]/g, "?");
  ctx.audit.record({
    actor: actor.credential === undefined ? actor.user.name : `${actor.user.name}/${actor.credential}`,
    action: route,
    ...(target !== "" && { target }),
    outcome: error === undefined ? "ok" : error.status === 401 || error.status === 403 ? "denied" : "failed",
    ip,
    requestId: id,
  });
}
