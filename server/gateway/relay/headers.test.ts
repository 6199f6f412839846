import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { requestHead, responseHeaders } from "./headers.ts";
import { parseResponseHead } from "./response-head.ts";
import type { RelayTarget } from "./target.ts";

const inside = "localhost:3000";
const outside = "3000--demo.apps.example";

function targetOf(host: string, rest: Partial<RelayTarget> = {}): RelayTarget {
  return {
    key: "demo/1/3000",
    dial: () => Promise.reject(new Error("unused")),
    host,
    forwarded: { for: "2001:db8::1", proto: "https", host: outside },
    dropCookies: (name) => name === "__Host-ghost",
    ...rest,
  };
}

function sent(target: RelayTarget, headers: Record<string, string>, upgrade = false): string[] {
  const req = new IncomingMessage(new Socket());
  req.method = "GET";
  req.url = "/x";
  req.rawHeaders = Object.entries(headers).flat();
  if (headers["Connection"] !== undefined) req.headers.connection = headers["Connection"];
  return requestHead(req, target, { kind: "none" }, { upgrade, expect: false }).split("\r\n");
}

function answered(target: RelayTarget, headers: string): string[] {
  return responseHeaders(parseResponseHead(`HTTP/1.1 200 OK\r\n${headers}`, 100), target);
}

describe.each([false, true])("headers to a target (upgrade: %s)", (upgrade) => {
  it("tell of localhost and nothing else, when that is its world", () => {
    const head = sent(
      targetOf(inside),
      { Host: outside, Origin: `https://${outside}`, Referer: `https://${outside}/a?b` },
      upgrade,
    );
    expect(head).toEqual(
      expect.arrayContaining([
        `Host: ${inside}`,
        `Origin: http://${inside}`,
        `Referer: http://${inside}/a?b`,
        `X-Forwarded-Host: ${inside}`,
        "X-Forwarded-Proto: http",
        "X-Forwarded-For: 2001:db8::1",
        `Forwarded: for="[2001:db8::1]";proto=http`,
      ]),
    );
    expect(head.join()).not.toContain(outside);
  });

  it("tell of the public host and nothing else, when that is its world", () => {
    const head = sent(targetOf(outside), { Host: outside, Origin: `https://${outside}` }, upgrade);
    expect(head).toEqual(
      expect.arrayContaining([
        `Host: ${outside}`,
        `Origin: https://${outside}`,
        `X-Forwarded-Host: ${outside}`,
        "X-Forwarded-Proto: https",
      ]),
    );
    expect(head.join()).not.toContain("localhost");
  });

  it.each(["https://evil.example", "null", `https://${outside}.evil.example`, `http://${outside}`])(
    "leave a foreign origin as it is: %s",
    (origin) => {
      expect(sent(targetOf(inside), { Origin: origin }, upgrade)).toContain(`Origin: ${origin}`);
    },
  );

  it("hold no header of this hop, of a forwarder, of a framework's own or of ours", () => {
    const names = (
      "Keep-Alive TE Trailer Transfer-Encoding Upgrade Proxy-Connection Proxy-Authorization Expect Via X-Real-IP x_real_ip " +
      "X-Forwarded-Port x_forwarded_for X-Original-URL X-Rewrite-URL X-Middleware-Subrequest X-Invoke-Path Ghost-Hop X-Named"
    ).split(" ");
    const kept = [
      "Authorization",
      "X-Middleware-Prefetch",
      "X-Nextjs-Data",
      "Sec-Fetch-Site",
      "Access-Control-Request-Method",
    ];
    const headers = Object.fromEntries([...names, ...kept].map((name) => [name, "client"]));
    const head = sent(targetOf(inside), { ...headers, Connection: "close, x-named" }, upgrade);
    expect(head.filter((line) => line.endsWith(": client"))).toEqual(kept.map((name) => `${name}: client`));
  });
});

describe("headers from a target", () => {
  it.each([
    [`http://${inside}/a`, `https://${outside}/a`],
    [`//${inside}?a`, `//${outside}?a`],
    [`http://${inside}`, `https://${outside}`],
    [`http://${inside}0/a`, `http://${inside}0/a`],
    ["https://elsewhere.example/", "https://elsewhere.example/"],
    ["/relative", "/relative"],
  ])("Location %s is %s", (location, expected) => {
    expect(answered(targetOf(inside), `Location: ${location}`)).toEqual(["Location", expected]);
  });

  it("leave out what Connection names and what acts beyond the target", () => {
    const headers =
      "Connection: x-hop\r\nX-Hop: 1\r\nStrict-Transport-Security: a\r\nAlt-Svc: b\r\nX-Accel-Redirect: /c\r\nGhost-Hop: d";
    expect(answered(targetOf(inside), headers)).toEqual([]);
  });

  it("never gain CORS, and keep the target's", () => {
    const cors = "Access-Control-Allow-Origin: https://a.example\r\nAccess-Control-Allow-Credentials: true";
    expect(answered(targetOf(inside), cors)).toEqual([
      "Access-Control-Allow-Origin",
      "https://a.example",
      "Access-Control-Allow-Credentials",
      "true",
    ]);
    expect(answered(targetOf(inside), "A: b")).toEqual(["A", "b"]);
  });
});
