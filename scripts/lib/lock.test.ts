import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { takeLock } from "./lock.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ghost-lock-"));
  file = join(folder, "build.pid");
});
afterEach(() => rmSync(folder, { recursive: true }));

it("is held by one at a time", async () => {
  const { signal } = new AbortController();
  const onWait = vi.fn();
  const first = await takeLock(file, { signal, onWait });
  let held = false;
  const second = takeLock(file, { signal, onWait }).then((lock) => {
    held = true;
    return lock;
  });
  await vi.waitFor(() => expect(onWait).toHaveBeenCalledOnce());
  expect(held).toBe(false);
  first[Symbol.dispose]();
  (await second)[Symbol.dispose]();
  expect(readdirSync(folder)).toEqual([]);
});

it("is not held by the dead", async () => {
  writeFileSync(file, JSON.stringify({ pid: process.pid, started: "1" }));
  const lock = await takeLock(file, {
    signal: new AbortController().signal,
    onWait: () => expect.unreachable(),
  });
  expect(existsSync(file)).toBe(true);
  lock[Symbol.dispose]();
  expect(existsSync(file)).toBe(false);
});

it("can be given up waiting for", async () => {
  const stop = new AbortController();
  await takeLock(file, { signal: stop.signal, onWait: () => undefined });
  await expect(takeLock(file, { signal: stop.signal, onWait: () => stop.abort() })).rejects.toThrow();
});
