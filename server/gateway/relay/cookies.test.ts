import { describe, expect, it } from "vitest";
import { safeSetCookie, withoutCookies } from "./cookies.ts";

const ours = (name: string) => name.startsWith("__Host-ghost");

describe("cookies to a target", () => {
  it.each([
    ["a=1; b=2", "a=1; b=2"],
    ["a=1;  __Host-ghost_s=x ; b=\u00ff\u0001", "a=1; b=\u00ff\u0001"],
    ["__Host-ghost_s=x; a=1", "a=1"],
    ["__Host-ghost_s=x", undefined],
    ["__Host-ghost_s", undefined],
    ["=__Host-ghost_s=x; a=1", "a=1"],
    [" = __Host-ghost_s = x;a", "a"],
    ['w="; __Host-ghost_s=secret; v="', 'w="; v="'],
    ["a=__Host-ghost_s=1;;", "a=__Host-ghost_s=1;;"],
  ])("%j becomes %j", (header, expected) => {
    expect(withoutCookies(header, ours)).toBe(expected);
  });
});

describe("cookies from a target", () => {
  it.each([
    ["a=1", "a=1"],
    ["a=1; Domain=example.com; Path=/; HttpOnly", "a=1; Path=/; HttpOnly"],
    ["a=1;domain=.x;DOMAIN = y;Domain; SameSite=Lax", "a=1; SameSite=Lax"],
    ["domain=1; Path=/", "domain=1; Path=/"],
    ["__Host-ghost_s=x; Path=/; Secure", undefined],
    ["=__Host-ghost_s=x", undefined],
    ["__Host-ghost_s", undefined],
  ])("%j becomes %j", (header, expected) => {
    expect(safeSetCookie(header, ours)).toBe(expected);
  });

  it.each([
    ["_xsrf=1; expires=Mon; Path=/", "_xsrf=1; expires=Mon; Path=/; Secure; SameSite=None; Partitioned"],
    ["a=1;samesite=Strict;SECURE; Domain=x; HttpOnly", "a=1; HttpOnly; Secure; SameSite=None; Partitioned"],
    ["secure=1", "secure=1; Secure; SameSite=None; Partitioned"],
    ["__Host-ghost_s=x", undefined],
  ])("%j is one of the partition in a frame: %j", (header, expected) => {
    expect(safeSetCookie(header, ours, true)).toBe(expected);
  });
});
