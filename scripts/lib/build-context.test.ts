import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { hashOf } from "./build-context.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ghost-context-"));
  mkdirSync(join(folder, "rootfs"));
  writeFileSync(join(folder, "Dockerfile"), "FROM a\n", { mode: 0o644 });
  writeFileSync(join(folder, "rootfs/tool"), "#!/bin/sh\n", { mode: 0o755 });
});
afterEach(() => rmSync(folder, { recursive: true }));

it("does not change with times, nor with what a umask takes away", () => {
  const before = hashOf(folder);
  utimesSync(join(folder, "Dockerfile"), 1, 1);
  chmodSync(join(folder, "Dockerfile"), 0o600);
  expect(hashOf(folder)).toBe(before);
});

it.each<[string, () => void]>([
  ["content", () => writeFileSync(join(folder, "Dockerfile"), "FROM b\n")],
  ["a name", () => renameSync(join(folder, "rootfs/tool"), join(folder, "rootfs/loot"))],
  ["the right to execute", () => chmodSync(join(folder, "rootfs/tool"), 0o644)],
  ["a new file", () => writeFileSync(join(folder, "rootfs/new"), "")],
])("changes with %s", (_what, change) => {
  const before = hashOf(folder);
  change();
  expect(hashOf(folder)).not.toBe(before);
});
