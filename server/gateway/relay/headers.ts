/**
 * What passes between a client and a target: one policy for requests and for Upgrades.
 *
 * Which host does a target believe to be? Development servers defend themselves against DNS rebinding: Vite refuses a Host, Next an Origin, that
 * it does not know; Django, Rails, Next's server actions and Jupyter compare Origin with Host, or with X-Forwarded-Host where there is one. All of
 * them trust `localhost`, and all of them fail when one of these headers is rewritten and another is not, or on HTTP and not on the Upgrade.
 * So a target is shown one whole world. The usual one is `target.host = "localhost:<port>"`: then Host, X-Forwarded-Host, and Origin and Referer
 * where they name the public origin, all say `http://localhost:<port>` (http, because that is what the target speaks: behind TLS, Django
 * compares the scheme too), and a Location that leads there is led back to the public origin. When `target.host` is the public host,
 * everything says the public origin and nothing is rewritten. A foreign Origin is never rewritten: the target may refuse it.
 *
 * From the client, everything end-to-end passes except what this hop or Ghost says by itself: hop-by-hop headers and those that `Connection`
 * names, forwarding headers, headers by which frameworks talk to themselves, Ghost's cookies. A name with `_` counts as the one with `-`, for
 * which CGI and WSGI take it. From the target, what would act beyond its own pages is taken out: HSTS and Alt-Svc (about hosts and ports that
 * are the gateway's), Clear-Site-Data (clears the whole site's cookies), X-Accel-* and X-Sendfile (orders to a proxy in front of the gateway),
 * Domain in Set-Cookie. CORS headers pass in both directions and are never added; a page of another
 * port of the same cave is shown as `http://localhost:<port>`, and allowed under the name it really has.
 */
import type { IncomingMessage } from "node:http";
import { safeSetCookie, withoutCookies } from "./cookies.ts";
import { HopFailure } from "./failure.ts";
import type { ResponseHead } from "./response-head.ts";
import { originsOf, type RelayTarget } from "./target.ts";

type Rule =
  | "pass"
  | "drop"
  | "host"
  | "token"
  | "allow-origin"
  | "cookie"
  | "set-cookie"
  | "origin"
  | "location"
  | "csp";

const requestRules: Record<string, Rule> = {
  host: "host",
  cookie: "cookie",
  origin: "origin",
  referer: "origin",
  authorization: "token",
};
const requestDrops = new Set(
  (
    "connection keep-alive te trailer transfer-encoding content-length upgrade expect http2-settings " +
    "forwarded via x-real-ip x-client-ip x-cluster-client-ip true-client-ip cf-connecting-ip fastly-client-ip " +
    "x-original-url x-original-host x-rewrite-url x-host x-matched-path x-now-route-matches"
  ).split(" "),
);
const requestDropPrefixes = ["proxy-", "x-forwarded", "x-middleware-", "x-invoke-", "ghost-", "x-ghost-"];
/** Sent by Next's own client: the one of its prefix that is no word between its servers. */
const requestPasses = new Set(["x-middleware-prefetch"]);

const responseRules: Record<string, Rule> = {
  "set-cookie": "set-cookie",
  location: "location",
  "content-location": "location",
  "access-control-allow-origin": "allow-origin",
  "content-security-policy": "csp",
  "x-frame-options": "csp",
};
const responseDrops = new Set(
  (
    "connection keep-alive te trailer transfer-encoding content-length upgrade set-cookie2 " +
    "strict-transport-security public-key-pins alt-svc clear-site-data x-sendfile x-lighttpd-send-file"
  ).split(" "),
);
const responseDropPrefixes = ["proxy-", "x-accel-", "ghost-", "x-ghost-"];
const responsePasses = new Set(["x-accel-buffering"]);

const requestRule = remember((name) =>
  requestPasses.has(name)
    ? "pass"
    : requestDrops.has(name) || requestDropPrefixes.some((prefix) => name.startsWith(prefix))
      ? "drop"
      : (requestRules[name] ?? "pass"),
);
const responseRule = remember((name) =>
  responsePasses.has(name)
    ? "pass"
    : responseDrops.has(name) || responseDropPrefixes.some((prefix) => name.startsWith(prefix))
      ? "drop"
      : (responseRules[name] ?? "pass"),
);

/** How the request's body is framed on its way to the target. */
export type Framing = { kind: "none" } | { kind: "length"; length: string } | { kind: "chunked" };

/** The head of the request to the target, ready to be written in latin1. */
export function requestHead(
  req: IncomingMessage,
  target: RelayTarget,
  framing: Framing,
  options: { upgrade: boolean; expect: boolean },
): string {
  const { outside, inside } = originsOf(target);
  const nominated = nominatedBy(req.headers.connection);
  const raw = req.rawHeaders;
  let head = `${req.method ?? "GET"} ${req.url ?? "/"} HTTP/1.1\r\nHost: ${target.host}\r\n`;
  let hosts = 0;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] ?? "";
    let value = raw[i + 1];
    const rule = requestRule(name);
    if (rule === "drop") continue;
    if (rule === "host") {
      hosts += 1;
      continue;
    }
    if (nominated.length > 0 && nominated.includes(name.toLowerCase())) continue;
    if (rule === "cookie") value = withoutCookies(value ?? "", (cookie) => target.dropCookies(cookie));
    else if (rule === "token") value = ghostToken.test(value ?? "") ? undefined : value;
    else if (rule === "origin") value = inward(value ?? "", target, outside, inside);
    if (value !== undefined) head += `${name}: ${value}\r\n`;
  }
  // Whoever routed the request may have read the other one.
  if (hosts > 1) throw new HopFailure("ambiguous_host");
  head += forwarding(target, inside);
  if (framing.kind === "length") head += `Content-Length: ${framing.length}\r\n`;
  else if (framing.kind === "chunked") head += "Transfer-Encoding: chunked\r\n";
  if (options.expect) head += "Expect: 100-continue\r\n";
  return `${head}${options.upgrade ? "Connection: Upgrade\r\nUpgrade: websocket" : "Connection: keep-alive"}\r\n\r\n`;
}

/** One of ours, right or wrong: it lets its bearer in here, and is no business of the target's. */
const ghostToken = /\bghost_[A-Za-z0-9_-]{20}/i;

function inward(value: string, { sibling }: RelayTarget, outside: string, inside: string): string {
  const own = moved(value, outside, inside);
  return sibling ? moved(own, sibling.outside, sibling.inside) : own;
}

function forwarding(target: RelayTarget, inside: string): string {
  const proto = inside.startsWith("https:") ? "https" : "http";
  const from = target.forwarded.for;
  const node = from.includes(":") ? `"[${from}]"` : from;
  // Without `host`: it is in Host, and a port would put it in quotes, which code-server takes for a part of it.
  return (
    `X-Forwarded-For: ${from}\r\nX-Forwarded-Host: ${target.host}\r\nX-Forwarded-Proto: ${proto}\r\n` +
    `Forwarded: for=${node};proto=${proto}\r\n`
  );
}

/** The headers of an answer as the client gets them, as name, value, name, value … */
export function responseHeaders(head: ResponseHead, target: RelayTarget): string[] {
  const out: string[] = [];
  const { headers, nominated } = head;
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = headers[i] ?? "";
    let value = headers[i + 1];
    const rule = responseRule(name);
    if (rule === "drop" || (nominated.length > 0 && nominated.includes(name.toLowerCase()))) continue;
    if (rule !== "pass") value = answered(rule, name, value ?? "", target);
    if (value !== undefined) out.push(name, value);
  }
  if (head.contentLength !== undefined) out.push("Content-Length", String(head.contentLength));
  if (target.frameAncestors !== undefined) {
    out.push("Content-Security-Policy", `frame-ancestors ${target.frameAncestors}`);
  }
  return out;
}

function answered(rule: Rule, name: string, value: string, target: RelayTarget): string | undefined {
  switch (rule) {
    case "set-cookie":
      return safeSetCookie(value, (cookie) => target.dropCookies(cookie), target.framed);
    case "location": {
      const { outside, inside } = originsOf(target);
      if (inside === outside) return value;
      return value.startsWith("//")
        ? moved(value, `//${target.host}`, `//${target.forwarded.host}`)
        : moved(value, inside, outside);
    }
    case "csp":
      if (target.frameAncestors === undefined) return value;
      return name.toLowerCase() === "x-frame-options" ? undefined : withoutFrameAncestors(value);
    case "allow-origin": {
      const { outside, inside } = target.sibling ?? originsOf(target);
      return moved(value, inside, outside);
    }
    case "pass":
    case "drop":
    case "host":
    case "token":
    case "cookie":
    case "origin":
      return value;
  }
}

/** A URL that lies under one origin, under the other one. */
function moved(url: string, from: string, to: string): string {
  if (from === to || url.slice(0, from.length).toLowerCase() !== from.toLowerCase()) return url;
  const next = url.charAt(from.length);
  return next === "" || next === "/" || next === "?" || next === "#" ? to + url.slice(from.length) : url;
}

/** Commas separate policies, semicolons directives. What is left stays byte for byte. */
function withoutFrameAncestors(value: string): string | undefined {
  const policies = value
    .split(",")
    .map((policy) =>
      policy
        .split(";")
        .filter((directive) => !/^\s*frame-ancestors(\s|$)/i.test(directive))
        .join(";"),
    )
    .filter((policy) => /[^\s;]/.test(policy));
  return policies.length === 0 ? undefined : policies.join(",").trim();
}

function nominatedBy(connection: string | undefined): readonly string[] {
  if (connection === undefined || connection === "keep-alive" || connection === "close") return [];
  return connection
    .toLowerCase()
    .split(",")
    .map((name) => name.trim());
}

/** Header names recur: each spelling is looked at once. Bounded, since a client may invent as many as it likes. */
function remember(decide: (name: string) => Rule): (name: string) => Rule {
  const known = new Map<string, Rule>();
  return (name) => {
    let rule = known.get(name);
    if (rule === undefined) {
      rule = decide(name.toLowerCase().replaceAll("_", "-"));
      if (known.size < 1_000) known.set(name, rule);
    }
    return rule;
  };
}
