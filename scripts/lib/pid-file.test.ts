import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readPid, startOf, stopProcess, writePid, type PidRecord } from "./pid-file.ts";

let folder: string;
let file: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ghost-pid-"));
  file = join(folder, "gateway.pid");
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

async function start(script: string): Promise<PidRecord> {
  const child = spawn(process.execPath, ["-e", `${script}; setInterval(() => {}, 1000); console.log("up")`]);
  children.push(child);
  await once(child.stdout, "data");
  return { pid: child.pid ?? 0, started: (await startOf(child.pid ?? 0)) ?? "" };
}

describe("a pid file", () => {
  it("names a process as long as it runs", async () => {
    const record = await start("");
    writePid(file, { ...record, url: "http://localhost:8000" });
    expect(await readPid(file)).toEqual({ ...record, url: "http://localhost:8000" });
    expect(await stopProcess(record)).toBe("stopped");
    expect(await readPid(file)).toBeUndefined();
  });

  it("is stale when its number belongs to another process by now", async () => {
    writePid(file, { pid: process.pid, started: "1" });
    expect(await readPid(file)).toBeUndefined();
  });

  it.each(["", "12\n", '{"pid":"12"}', "null", '{"pid":1.5,"started":"1"}'])(
    "is nothing when it reads %j",
    async (text) => {
      writeFileSync(file, text);
      expect(await readPid(file)).toBeUndefined();
    },
  );
});

describe("stopProcess", () => {
  it("kills what does not listen", async () => {
    const record = await start('process.on("SIGTERM", () => {})');
    expect(await stopProcess(record, 200)).toBe("killed");
    expect(await startOf(record.pid)).toBeUndefined();
  });

  it("leaves a stranger with the same number alone", async () => {
    const record = await start("");
    expect(await stopProcess({ ...record, started: "1" }, 200)).toBe("stopped");
    expect(await startOf(record.pid)).toBe(record.started);
  });
});
