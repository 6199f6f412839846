import type { ContainerCreateOptions, HostConfig, MountSettings } from "dockerode";
import type { CaveSpec } from "../backend.ts";
import { containerName, homeVolume, type Labels, labelsOf, workspaceVolume } from "./labels.ts";
import { browserSeccomp } from "./seccomp.ts";
import type { Limits } from "#contract/cave.ts";

export interface Placement {
  network: string;
  address: string;
}

const mib = 2 ** 20;

/**
 * The whole of what a cave may be to the engine. Every field is written here by name; nothing of a request is merged in.
 * MaskedPaths and ReadonlyPaths stay absent: an empty list would unmask /proc.
 */
export function containerOptions(
  spec: CaveSpec,
  instance: string,
  place: Placement | undefined,
): ContainerCreateOptions {
  const labels = labelsOf(instance, spec);
  return {
    name: containerName(spec.id),
    Image: spec.image.ref,
    Hostname: spec.name,
    User: "1000:1000",
    WorkingDir: "/workspace",
    Env: environment(spec),
    Labels: labels,
    Healthcheck: { Test: ["NONE"] },
    StopSignal: "SIGTERM",
    StopTimeout: 10,
    // A foreign image's own program would end at once or be a server nobody asked for: its cave just stays.
    ...(spec.image.daemon === undefined && { Entrypoint: ["tail", "-f", "/dev/null"], Cmd: [] }),
    HostConfig: hostConfig(spec, labels, place),
    ...(place && {
      NetworkingConfig: {
        EndpointsConfig: { [place.network]: { IPAMConfig: { IPv4Address: place.address } } },
      },
    }),
  };
}

function hostConfig(
  spec: CaveSpec,
  labels: Labels,
  place: Placement | undefined,
): HostConfig & { CgroupnsMode: "private" } {
  return {
    ...resources(spec.limits),
    Privileged: false,
    CapDrop: ["ALL"],
    SecurityOpt: ["no-new-privileges", ...(spec.image.browser ? [`seccomp=${browserSeccomp}`] : [])],
    ReadonlyRootfs: true,
    Tmpfs: {
      "/tmp": "rw,exec,nosuid,nodev,size=512m,mode=1777",
      "/run": "rw,noexec,nosuid,nodev,size=16m,mode=755,uid=1000,gid=1000",
    },
    ShmSize: (spec.image.browser ? 256 : 64) * mib,
    // The daemon's image brings its own init; a foreign one needs somebody to reap what exec leaves behind.
    Init: spec.image.daemon === undefined,
    // The first to go when the host runs out of memory.
    OomScoreAdj: 500,
    Ulimits: [
      // Dev servers need thousands; more makes programs that close all they could have open slow, and a nested or
      // rootless engine cannot give more than it has itself.
      { Name: "nofile", Soft: 16_384, Hard: 16_384 },
      { Name: "core", Soft: 0, Hard: 0 },
    ],
    LogConfig: { Type: "json-file", Config: { "max-size": "5m", "max-file": "2" } },
    RestartPolicy: { Name: "no" },
    NetworkMode: place?.network ?? "none",
    PortBindings: {},
    PublishAllPorts: false,
    IpcMode: "private",
    CgroupnsMode: "private",
    Mounts: mounts(spec, labels),
  };
}

/** The limits alone, as `update` changes them too. Swap is part of memory's limit. */
export function resources(
  limits: Limits,
): Pick<HostConfig, "Memory" | "MemorySwap" | "NanoCpus" | "PidsLimit"> {
  const memory = Math.floor(limits.memoryMb * mib);
  return {
    Memory: memory,
    MemorySwap: memory,
    NanoCpus: Math.round(limits.cpus * 1e9),
    PidsLimit: limits.pids,
  };
}

/**
 * Volumes are made with the container. Our image's folders, with their owner, are copied into them; a foreign image's are not,
 * because they are root's: `ownVolume` gives that volume to the cave's user.
 */
function mounts(spec: CaveSpec, labels: Labels): MountSettings[] {
  const foreign = spec.image.daemon === undefined;
  const mount = (source: string, target: string): MountSettings => ({
    Type: "volume",
    Source: source,
    Target: target,
    VolumeOptions: { NoCopy: foreign, Labels: labels, DriverConfig: { Name: "local", Options: {} } },
  });
  const workspace = mount(workspaceVolume(spec.id), "/workspace");
  return foreign ? [workspace] : [workspace, mount(homeVolume(spec.id), "/home/ghost")];
}

function environment(spec: CaveSpec): string[] {
  const own = Object.entries(spec.env).filter(([name]) => !name.startsWith("GHOST_"));
  const all: [string, string][] = [
    ...(spec.image.daemon === undefined ? [["HOME", "/workspace"] satisfies [string, string]] : []),
    ...own,
    ["GHOST_CAVE_ID", spec.id],
    ["GHOST_CAVE_NAME", spec.name],
    ...(spec.daemonTokenHash === undefined
      ? []
      : [["GHOST_DAEMON_TOKEN_SHA256", spec.daemonTokenHash] satisfies [string, string]]),
  ];
  return all.map(([name, value]) => `${name}=${value}`);
}
