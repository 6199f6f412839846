import type { ContainerCreateOptions } from "dockerode";
import type { SlotLimits, SlotSpec } from "../../slots.ts";
import type { Placement } from "../container-options.ts";
import { instanceLabel } from "../labels.ts";

/** Instead of `ghost.cave`, so that nobody takes it for one. */
export const slotLabel = "ghost.slot";
export const slotName = (id: string) => `ghost-${id}`;

const mib = 2 ** 20;

/** The whole of what a slot may be to the engine. Every field is written here by name. */
export function slotOptions(
  spec: SlotSpec,
  instance: string,
  place: Placement | undefined,
): ContainerCreateOptions {
  const tmpfs = `rw,exec,nosuid,nodev,size=${spec.diskMb}m,nr_inodes=65536,uid=${spec.uid},gid=${spec.uid},mode=755`;
  return {
    name: slotName(spec.id),
    Image: spec.image,
    Hostname: "run",
    // The slot's own first process; it gives the code another user before the code exists.
    User: "0:0",
    WorkingDir: "/work",
    Entrypoint: [],
    Cmd: [...spec.argv],
    Env: Object.entries(spec.env).map(([name, value]) => `${name}=${value}`),
    Labels: { [instanceLabel]: instance, [slotLabel]: spec.pool },
    Healthcheck: { Test: ["NONE"] },
    OpenStdin: true,
    // The connection's end is the slot's: a gateway that dies leaves nothing that waits.
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: false,
    Tty: false,
    ...(place === undefined && { NetworkDisabled: true }),
    HostConfig: {
      ...slotResources(spec.limits),
      AutoRemove: true,
      Privileged: false,
      CapDrop: ["ALL"],
      CapAdd: ["SETUID", "SETGID", "KILL"],
      SecurityOpt: ["no-new-privileges"],
      ReadonlyRootfs: true,
      Tmpfs: { "/work": tmpfs, "/tmp": tmpfs },
      ShmSize: 16 * mib,
      Init: false,
      OomScoreAdj: 500,
      Ulimits: [
        { Name: "nofile", Soft: 16_384, Hard: 16_384 },
        { Name: "core", Soft: 0, Hard: 0 },
      ],
      LogConfig: { Type: "none", Config: {} },
      RestartPolicy: { Name: "no" },
      NetworkMode: place?.network ?? "none",
      PortBindings: {},
      PublishAllPorts: false,
      IpcMode: "private",
      ...({ CgroupnsMode: "private" } as object), // not in the client's types
      ...(spec.runtime !== undefined && { Runtime: spec.runtime }),
    },
    ...(place && {
      NetworkingConfig: {
        EndpointsConfig: { [place.network]: { IPAMConfig: { IPv4Address: place.address } } },
      },
    }),
  };
}

/** Swap is part of memory's limit. */
export function slotResources(limits: SlotLimits): {
  Memory: number;
  MemorySwap: number;
  CpuPeriod: number;
  CpuQuota: number;
  PidsLimit: number;
} {
  const memory = limits.memoryMb * mib;
  return {
    Memory: memory,
    MemorySwap: memory,
    CpuPeriod: 100_000,
    CpuQuota: limits.cpuMillis * 100,
    PidsLimit: limits.pids,
  };
}
