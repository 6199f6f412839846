import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readCredentials } from "./credentials.ts";

let home: string;
beforeEach(() => (home = mkdtempSync(join(tmpdir(), "ghost-home-"))));
afterEach(() => rmSync(home, { recursive: true, force: true }));
const write = (text: string, mode = 0o600) => {
  writeFileSync(join(home, "cli.json"), text);
  chmodSync(join(home, "cli.json"), mode);
};
const read = (env: NodeJS.ProcessEnv = {}) => readCredentials({ GHOST_HOME: home, ...env });

it("reads what `npm run up` wrote", () => {
  write(JSON.stringify({ url: "http://localhost:9000/", token: "ghost_a" }));
  expect(read()).toEqual({ url: "http://localhost:9000", token: "ghost_a" });
});

it("knows where Ghost usually is", () => {
  expect(read()).toEqual({ url: "http://localhost:8000", token: undefined });
});

it("lets the environment win", () => {
  write(JSON.stringify({ url: "http://localhost:9000", token: "ghost_a" }));
  expect(read({ GHOST_TOKEN: "ghost_b" })).toEqual({ url: "http://localhost:9000", token: "ghost_b" });
  expect(read({ GHOST_URL: "http://x:1", GHOST_TOKEN: "ghost_b" })).toEqual({
    url: "http://x:1",
    token: "ghost_b",
  });
});

it("sends the file's token to the file's address only", () => {
  write(JSON.stringify({ url: "http://localhost:9000", token: "ghost_a" }));
  expect(read({ GHOST_URL: "http://elsewhere.example" }).token).toBeUndefined();
  expect(read({ GHOST_URL: "http://localhost:9000" }).token).toBe("ghost_a");
});

it("warns when others can read the file", () => {
  write(JSON.stringify({ url: "http://localhost:9000", token: "ghost_a" }), 0o644);
  expect(read().warning).toContain("chmod 600");
  expect(read({ GHOST_TOKEN: "ghost_b" }).warning).toBeUndefined();
});

it("says what is wrong with the file or the address", () => {
  write("{");
  expect(() => read()).toThrow("is not JSON");
  expect(() => readCredentials({ GHOST_URL: "localhost:8000", GHOST_TOKEN: "x" })).toThrow("GHOST_URL");
});
