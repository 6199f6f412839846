import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CaveSpec } from "../backend.ts";
import { containerOptions } from "./container-options.ts";
import { browserSeccomp } from "./seccomp.ts";

const foreign: CaveSpec = {
  id: "cave-abcdefghijklmnop",
  name: "mine",
  image: { ref: "python:3.12-slim", id: "sha256:1", browser: false, sizeBytes: 1 },
  limits: { cpus: 1.5, memoryMb: 512, pids: 100, diskMb: 1024 },
  network: { mode: "open" },
  env: { COLOUR: "blue" },
};
const ours: CaveSpec = {
  ...foreign,
  image: { ref: "ghost/cave:full", id: "sha256:2", daemon: 1, browser: true, sizeBytes: 1 },
  daemonTokenHash: "a".repeat(64),
};
const place = { network: "ghost-test", address: "10.213.4.5" };

/** Everything a cave may be to the engine; one more field is a decision to be taken here. */
const allowed = [
  "CapDrop",
  "CgroupnsMode",
  "Init",
  "IpcMode",
  "LogConfig",
  "Memory",
  "MemorySwap",
  "Mounts",
  "NanoCpus",
  "NetworkMode",
  "OomScoreAdj",
  "PidsLimit",
  "PortBindings",
  "Privileged",
  "PublishAllPorts",
  "ReadonlyRootfs",
  "RestartPolicy",
  "SecurityOpt",
  "ShmSize",
  "Tmpfs",
  "Ulimits",
];
const fixed = {
  Privileged: false,
  CapDrop: ["ALL"],
  ReadonlyRootfs: true,
  OomScoreAdj: 500,
  LogConfig: { Type: "json-file", Config: { "max-size": "5m", "max-file": "2" } },
  RestartPolicy: { Name: "no" },
  PortBindings: {},
  PublishAllPorts: false,
  IpcMode: "private",
  CgroupnsMode: "private",
};

describe("containerOptions", () => {
  it("of a foreign image", () => {
    expect(containerOptions(foreign, "test", place)).toMatchSnapshot();
  });

  it("of our own image, with the daemon and a browser", () => {
    const options = containerOptions(ours, "test", place);
    const { HostConfig } = options;
    const named = (HostConfig?.SecurityOpt as string[]).map((each) =>
      each.replace(browserSeccomp, "<the browser's profile>"),
    );
    expect({ ...options, HostConfig: { ...HostConfig, SecurityOpt: named } }).toMatchSnapshot();
  });

  it("without a network", () => {
    const options = containerOptions({ ...foreign, network: { mode: "none" } }, "test", undefined);
    expect(options.HostConfig?.NetworkMode).toBe("none");
    expect(options.NetworkingConfig).toBeUndefined();
  });

  it("never lets reserved variables be set from outside, nor the token itself in", () => {
    const hostile = { ...ours, env: { GHOST_DAEMON_TOKEN_SHA256: "b", GHOST_CAVE_ID: "other", PATH: "/x" } };
    expect(containerOptions(hostile, "test", place).Env).toEqual([
      "PATH=/x",
      `GHOST_CAVE_ID=${ours.id}`,
      "GHOST_CAVE_NAME=mine",
      `GHOST_DAEMON_TOKEN_SHA256=${"a".repeat(64)}`,
    ]);
  });

  it("stays inside its allow-list whatever it is given", () => {
    const rubbish = fc.dictionary(
      fc.oneof(
        fc.string(),
        fc.constantFrom(
          "HostConfig",
          "Privileged",
          "Binds",
          "CapAdd",
          "Mounts",
          "User",
          "Entrypoint",
          "__proto__",
          "NetworkMode",
        ),
      ),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(
        rubbish,
        rubbish,
        rubbish,
        fc.dictionary(fc.string(), fc.string()),
        fc.boolean(),
        (spec, image, limits, env, browser) => {
          const given = {
            ...spec,
            ...foreign,
            image: { ...image, ...foreign.image, browser },
            limits: { ...limits, ...foreign.limits },
            env,
          };
          const options = containerOptions(given, "test", place);
          expect(Object.keys(options.HostConfig ?? {}).sort()).toEqual(allowed);
          expect(options.HostConfig).toMatchObject(fixed);
          expect(options.User).toBe("1000:1000");
          expect(options.HostConfig?.Mounts?.every(({ Type }) => Type === "volume")).toBe(true);
          expect(options.HostConfig?.SecurityOpt).toContain("no-new-privileges");
          expect(options.Labels).toEqual({
            "ghost.instance": "test",
            "ghost.cave": foreign.id,
            "ghost.name": "mine",
          });
        },
      ),
    );
  });
});

describe("the browser's seccomp profile", () => {
  interface Rule {
    names: string[];
    action: string;
    args?: { index: number; value: number; op: string }[];
  }
  const profile = JSON.parse(browserSeccomp) as {
    defaultAction: string;
    syscalls: Rule[];
    archMap: object[];
  };
  const allows = (name: string) =>
    profile.syscalls.filter(({ names, action }) => action === "SCMP_ACT_ALLOW" && names.includes(name));

  it("allows what a sandbox is made of, by an allow-list", () => {
    expect(profile.defaultAction).toBe("SCMP_ACT_ERRNO");
    for (const name of ["clone", "unshare", "chroot"]) expect(allows(name)).toHaveLength(1);
  });

  it("allows neither mounts, keys, modules, tracing of the kernel, nor entering other namespaces", () => {
    for (const name of [
      "mount",
      "umount2",
      "pivot_root",
      "move_mount",
      "setns",
      "keyctl",
      "add_key",
      "bpf",
      "perf_event_open",
      "init_module",
      "io_uring_setup",
      "userfaultfd",
      "kexec_load",
      "open_by_handle_at",
      "reboot",
      "socketcall",
    ]) {
      expect(allows(name), name).toEqual([]);
    }
  });

  it("allows sockets of four families alone, and no 32-bit calls that would go round that", () => {
    expect(allows("socket").map(({ args }) => args?.[0]?.value)).toEqual([1, 2, 10, 16]);
    expect(profile.archMap).toEqual([
      { architecture: "SCMP_ARCH_X86_64" },
      { architecture: "SCMP_ARCH_AARCH64" },
    ]);
  });
});
