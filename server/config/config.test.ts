import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseConfig } from "./config.ts";
import { readEnv } from "./env.ts";
import { lockHome, prepareHome, writePidFile } from "./home.ts";
import { loadKeys } from "./keys.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "ghost-config-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

describe("settings", () => {
  it("have defaults that listen on this machine alone", () => {
    const config = parseConfig({ GHOST_HOME: home });
    expect(config).toMatchObject({
      url: "http://localhost:8000",
      listen: { hosts: ["127.0.0.1", "::1"], port: 8000 },
      backends: ["docker"],
      appsDomain: "localhost",
    });
    expect(parseConfig({ GHOST_URL: "https://ghost.example/" })).toMatchObject({
      url: "https://ghost.example",
      listen: { hosts: ["127.0.0.1"], port: 8000 },
    });
  });

  it("are refused all at once", () => {
    const wrong = {
      GHOST_PORT: "http",
      GHOST_URL: "https://user@ghost.example/x",
      GHOST_HOST: "localhost",
      GHOST_HOME: "here",
    };
    expect(() => parseConfig(wrong)).toThrow(
      /^Ghost cannot start:[^]*GHOST_HOME[^]*GHOST_URL[^]*GHOST_PORT[^]*GHOST_HOST/,
    );
    expect(() => parseConfig({ GHOST_MASTER_KEY: "x", GHOST_MASTER_KEY_FILE: "/x" })).toThrow("either");
  });

  it("hide the key, take it out of the environment and name what they do not know", () => {
    const env = { GHOST_MASTER_KEY: "hidden", GHOST_PROT: "1", GHOST_URL: "", PATH: "/bin" };
    const { values, unknown } = readEnv(env);
    expect([values, unknown]).toEqual([{ GHOST_MASTER_KEY: "hidden" }, ["GHOST_PROT"]]);
    expect(Object.keys(env)).not.toContain("GHOST_MASTER_KEY");
    const config = parseConfig(values);
    expect(inspect(config, { depth: 9 }) + JSON.stringify(config)).not.toContain("hidden");
  });
});

describe("the extensions' gallery", () => {
  it("is what VS Code reads, and is not shown", () => {
    const gallery = { serviceUrl: "https://gallery.example/x", authorizationHeaderToken: "hidden" };
    const config = parseConfig({ GHOST_EXTENSIONS_GALLERY: JSON.stringify(gallery) });
    expect(JSON.parse(config.extensionsGallery?.reveal() ?? "")).toEqual(gallery);
    expect(inspect(config, { depth: 9 }) + JSON.stringify(config)).not.toContain("hidden");
  });

  it.each(["{", "[]", "{}", '{"serviceUrl":"javascript:x"}', '"https://gallery.example"'])(
    "is refused as %s",
    (text) => {
      expect(() => parseConfig({ GHOST_EXTENSIONS_GALLERY: text })).toThrow(/serviceUrl/);
    },
  );
});

describe("the master key", () => {
  const load = () => loadKeys(parseConfig({ GHOST_HOME: home }));
  const file = () => join(home, "master.key");

  it("is made once, for its owner alone", () => {
    const first = load();
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(load().daemon.reveal()).toEqual(first.daemon.reveal());
    const all = [first.audit.reveal(), first.daemon.reveal(), first.secrets.reveal()[0].key].map((key) =>
      key.toString("hex"),
    );
    expect(new Set(all).size).toBe(3);
    expect(inspect(first, { depth: 9 })).not.toContain(all[0]);
  });

  it.each([
    ["short", "c2hvcnQ=\n"],
    ["a placeholder", `${Buffer.alloc(32, "a").toString("base64")}\n`],
    ["empty", "\n"],
    ["not base64", "change-me-change-me-change-me-change-me-chan\n"],
  ])("is refused when it is %s", (_, text) => {
    writeFileSync(file(), text, { mode: 0o600 });
    expect(load).toThrow(file());
    expect(readFileSync(file(), "utf8")).toBe(text);
  });

  it("is refused when others can read it", () => {
    load();
    chmodSync(file(), 0o640);
    expect(load).toThrow("chmod 600");
  });
});

describe("the home", () => {
  it("has one gateway at a time", () => {
    const config = parseConfig({ GHOST_HOME: join(home, "inner") });
    prepareHome(config.home);
    expect(statSync(config.home).mode & 0o777).toBe(0o700);
    {
      using _lock = lockHome(config);
      expect(() => lockHome(config)).toThrow("A gateway already runs");
    }
    lockHome(config)[Symbol.dispose]();
  });

  it("says who the gateway is, and keeps what its starter wrote of it", () => {
    const path = join(home, "gateway.pid");
    {
      using _file = writePidFile(path, "http://localhost:8000");
      const record = JSON.parse(readFileSync(path, "utf8")) as { pid: number; started: string };
      expect(record).toMatchObject({ pid: process.pid, url: "http://localhost:8000" });
      const detached = { ...record, detached: true };
      writeFileSync(path, JSON.stringify(detached));
      writePidFile(path, "http://localhost:8000");
      expect(JSON.parse(readFileSync(path, "utf8"))).toEqual(detached);
    }
    expect(existsSync(path)).toBe(false);
  });
});
