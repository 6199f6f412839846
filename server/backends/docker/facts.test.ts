import { describe, expect, it } from "vitest";
import { sums } from "./disk-use.ts";
import { read } from "./events.ts";
import { imageInfo, tagged } from "./image.ts";
import { type EngineFacts, isolation } from "./info.ts";
import { stateOf } from "./list.ts";
import { reading } from "./stats.ts";

describe("what the engine says, in our words", () => {
  it("image: whose daemon and browser it has", () => {
    const of = (Labels: Record<string, string> | null) =>
      imageInfo("x", { Id: "sha256:1", Size: 5, Config: { Labels } });
    expect(of(null)).toEqual({ ref: "x", id: "sha256:1", browser: false, sizeBytes: 5 });
    expect(of({ "ghost.daemon": "1", "ghost.browser": "true", "ghost.version": "0.1.0" })).toMatchObject({
      daemon: 1,
      browser: true,
      version: "0.1.0",
    });
    for (const label of ["", "0", "x", "-1", "1.5"])
      expect(of({ "ghost.daemon": label }).daemon).toBeUndefined();
  });

  it.each([
    ["a", "a:latest"],
    ["a/b", "a/b:latest"],
    ["a:1", "a:1"],
    ["host:5000/a", "host:5000/a:latest"],
    ["host:5000/a:1", "host:5000/a:1"],
    ["a@sha256:00", "a@sha256:00"],
  ])("image: %s is pulled as %s", (ref, full) => {
    expect(tagged(ref)).toBe(full);
  });

  it("disk: what is kept, each byte once", () => {
    const use = sums({
      LayersSize: 500,
      Containers: [{ SizeRw: 7 }, {}],
      Volumes: [{ UsageData: { Size: 20 } }, { UsageData: { Size: -1 } }, { UsageData: null }],
      BuildCache: [{ Size: 3 }, { Size: 400, Shared: true }],
    });
    expect(use).toEqual({ imagesBytes: 500, containersBytes: 7, volumesBytes: 20, cacheBytes: 3 });
    expect(sums({ Containers: null, Volumes: null })).toMatchObject({ imagesBytes: 0, volumesBytes: 0 });
  });

  it("events: which cave, and with what code", () => {
    const event = (Action: string, Attributes: Record<string, string>) =>
      read({ Action, Actor: { ID: "x", Attributes } });
    expect(event("die", { "ghost.cave": "cave-a", exitCode: "137" })).toEqual({
      id: "cave-a",
      change: "stopped",
      exitCode: 137,
    });
    expect(event("start", { "ghost.cave": "cave-a" })).toEqual({ id: "cave-a", change: "started" });
    expect(event("oom", { "ghost.cave": "cave-a" })).toEqual({ id: "cave-a", change: "out-of-memory" });
    expect(event("start", {}), "a helper's").toBeUndefined();
    expect(event("exec_create: sh", { "ghost.cave": "cave-a" })).toBeUndefined();
  });

  it("states: what is being removed runs no more", () => {
    expect(["created", "running", "paused", "exited", "dead", "removing", "restarting"].map(stateOf)).toEqual(
      ["created", "running", "paused", "stopped", "stopped", "stopped", "stopped"],
    );
  });

  it("stats: memory without the cache that can be dropped, of either cgroup version, and without a network", () => {
    const base = { cpu_stats: { cpu_usage: { total_usage: 2_500_000 } }, pids_stats: { current: 3 } };
    const networks = { eth0: { rx_bytes: 1, tx_bytes: 2 }, eth1: { rx_bytes: 10, tx_bytes: 20 } };
    const v1 = { usage: 100, limit: 1000, stats: { total_inactive_file: 30, inactive_file: 5 } };
    expect(reading({ ...base, networks, memory_stats: v1 })).toEqual({
      cpuMs: 2.5,
      memoryBytes: 70,
      memoryLimitBytes: 1000,
      pids: 3,
      rxBytes: 11,
      txBytes: 22,
    });
    const v2 = { usage: 100, limit: 1000, stats: { inactive_file: 40 } };
    expect(reading({ ...base, memory_stats: v2 })).toMatchObject({ memoryBytes: 60, rxBytes: 0 });
  });

  it("isolation: no better than its weakest link", () => {
    const facts = {
      DefaultRuntime: "runc",
      SecurityOptions: ["name=seccomp,profile=default", "name=apparmor"],
    } as EngineFacts;
    expect(isolation(facts, undefined)).toMatchObject({ grade: "standard" });
    const open = isolation(facts, "nobody let us");
    expect(open.grade).toBe("reduced");
    expect(open.notes[0]).toContain("nobody let us");
    expect(isolation({ ...facts, SecurityOptions: [] }, undefined)).toMatchObject({ grade: "reduced" });
    expect(isolation({ ...facts, DefaultRuntime: "runsc" }, undefined)).toMatchObject({ grade: "strong" });
    expect(isolation({ ...facts, DefaultRuntime: "runsc" }, "nobody let us")).toMatchObject({
      grade: "reduced",
    });
  });
});
