import type { Call } from "../context.ts";
import type { Handlers } from "./handler.ts";
import type { Answer, Body, Endpoint } from "#contract/endpoint.ts";

/** An endpoint together with what answers it. */
export interface Route {
  /** As in the table: `caves.create`. */
  readonly name: string;
  readonly endpoint: Endpoint;
  readonly json: Extract<Body, { kind: "json" }> | undefined;
  readonly bytes: Extract<Body, { kind: "bytes" }> | undefined;
  readonly answers: readonly { readonly answer: Answer; readonly run: Run }[];
}

export type Run = (call: Call, input: unknown, signal: AbortSignal) => unknown;

export type Match =
  | { kind: "route"; route: Route; params: Record<string, string> }
  | { kind: "method"; allow: readonly string[] }
  | { kind: "none" };

export type Router = (method: string, path: string) => Match;

interface Node {
  readonly next: Map<string, Node>;
  /** Where any segment leads, with the name it is given. */
  any?: Node;
  /** By method, with the names of the parameters on the way. */
  readonly routes: Map<string, { route: Route; names: readonly string[] }>;
}

/** Reads the tables once. An endpoint that nobody handles, or that does not say who may call it, stops the start. */
export function compileRouter(
  api: Record<string, Record<string, Endpoint>>,
  handlers: Handlers,
): { match: Router; routes: readonly Route[] } {
  const root: Node = { next: new Map(), routes: new Map() };
  const routes: Route[] = [];
  for (const [group, endpoints] of Object.entries(api)) {
    for (const [name, endpoint] of Object.entries(endpoints)) {
      const handler = (handlers as unknown as Record<string, Record<string, unknown>>)[group]?.[name];
      const route = routeOf(`${group}.${name}`, endpoint, handler);
      routes.push(route);
      mount(root, route);
    }
  }
  return { match: (method, path) => find(root, method, path), routes };
}

function routeOf(name: string, endpoint: Endpoint, handler: unknown): Route {
  if (typeof (endpoint.access as unknown) !== "string")
    throw new Error(`The endpoint ${name} does not say who may call it.`);
  const answers = endpoint.answer.map((answer) => {
    const run =
      typeof handler === "function"
        ? handler
        : (handler as Record<string, unknown> | undefined)?.[answer.kind];
    if (typeof run !== "function") throw new Error(`Nothing handles ${name} (${answer.kind}).`);
    return { answer, run: run as Run };
  });
  return {
    name,
    endpoint,
    json: endpoint.body.find((body) => body.kind === "json"),
    bytes: endpoint.body.find((body) => body.kind === "bytes"),
    answers,
  };
}

function mount(root: Node, route: Route): void {
  const names: string[] = [];
  let node = root;
  for (const segment of route.endpoint.path.slice(1).split("/")) {
    const name = /^\{(\w+)\}$/.exec(segment)?.[1];
    if (name !== undefined) {
      names.push(name);
      node = node.any ??= { next: new Map(), routes: new Map() };
      continue;
    }
    let next = node.next.get(segment);
    if (next === undefined) node.next.set(segment, (next = { next: new Map(), routes: new Map() }));
    node = next;
  }
  const method = route.endpoint.method.toUpperCase();
  if (node.routes.has(method)) throw new Error(`Two endpoints are at ${method} ${route.endpoint.path}.`);
  node.routes.set(method, { route, names });
}

function find(root: Node, method: string, path: string): Match {
  let node: Node | undefined = root;
  const values: string[] = [];
  for (const segment of path.slice(1).split("/")) {
    const next: Node | undefined = node.next.get(segment);
    if (next === undefined) values.push(segment);
    node = next ?? node.any;
    if (node === undefined) return { kind: "none" };
  }
  if (node.routes.size === 0) return { kind: "none" };
  const found = node.routes.get(method);
  if (found === undefined) return { kind: "method", allow: [...node.routes.keys()] };
  const params: Record<string, string> = {};
  for (const [i, name] of found.names.entries()) params[name] = decode(values[i] ?? "");
  return { kind: "route", route: found.route, params };
}

/** What cannot be decoded stays as it is: no schema takes a `%`. */
function decode(segment: string): string {
  if (!segment.includes("%")) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
