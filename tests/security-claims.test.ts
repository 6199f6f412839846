import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";

const root = new URL("../", import.meta.url);
const text = await readFile(new URL("SECURITY.md", root), "utf8");
const claims = [...text.matchAll(/^\| (?<claim>[^|]+) \| `(?<file>[^`]+)`: (?<test>[^|]+) \|$/gm)].map(
  ({ groups }) => ({
    claim: groups?.["claim"] ?? "",
    file: groups?.["file"] ?? "",
    test: (groups?.["test"] ?? "").trim(),
  }),
);

describe("SECURITY.md", () => {
  it("has a proof for every claim", () => {
    const rows = text.split("\n").filter((line) => line.startsWith("| ") && !/^\| (Claim|-)/.test(line));
    expect(claims).toHaveLength(rows.length);
  });

  it.each(claims)("$claim", async ({ file, test }) => {
    expect(await readFile(new URL(file, root), "utf8")).toContain(`"${test}"`);
  });
});
