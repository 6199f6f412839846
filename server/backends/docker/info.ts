import type { BackendInfo } from "../backend.ts";
import { within } from "./client.ts";
import type { Engine } from "./engine.ts";
import { engineMessage, fold, statusOf } from "./errors.ts";

/** Of the engine's own description, what we read. */
export interface EngineFacts {
  ServerVersion: string;
  Driver: string;
  CgroupVersion?: string;
  CgroupDriver: string;
  KernelVersion: string;
  OperatingSystem: string;
  Architecture: string;
  NCPU: number;
  MemTotal: number;
  DefaultRuntime: string;
  Runtimes?: Record<string, unknown>;
  SecurityOptions?: string[] | null;
}

export async function info(engine: Engine, signal: AbortSignal): Promise<BackendInfo> {
  try {
    const facts = (await (engine.docker.info as (options: object) => Promise<unknown>).call(
      engine.docker,
      within(signal),
    )) as EngineFacts;
    return {
      reachable: true,
      ...described(facts),
      isolation: isolation(facts, await engine.network.guard()),
    };
  } catch (error) {
    signal.throwIfAborted();
    const reason = statusOf(error) === undefined ? fold(error).message : engineMessage(error);
    return {
      reachable: false,
      reason,
      runtimes: [],
      facts: {},
      isolation: { grade: "reduced", notes: ["The engine does not answer."] },
    };
  }
}

function described(facts: EngineFacts): Pick<BackendInfo, "version" | "runtimes" | "facts"> {
  return {
    version: facts.ServerVersion,
    runtimes: Object.keys(facts.Runtimes ?? {}),
    facts: {
      os: facts.OperatingSystem,
      kernel: facts.KernelVersion,
      architecture: facts.Architecture,
      cpus: facts.NCPU,
      memoryBytes: facts.MemTotal,
      storageDriver: facts.Driver,
      cgroupVersion: facts.CgroupVersion ?? "1",
      cgroupDriver: facts.CgroupDriver,
      seccomp: has(facts, "seccomp"),
      apparmor: has(facts, "apparmor"),
      selinux: has(facts, "selinux"),
      userNamespaces: has(facts, "userns"),
      rootless: has(facts, "rootless"),
      defaultRuntime: facts.DefaultRuntime,
    },
  };
}

const ownKernel = ["runsc", "kata", "kata-runtime", "io.containerd.kata.v2"];

/** Weakest link first. */
export function isolation(facts: EngineFacts, noFirewall: string | undefined): BackendInfo["isolation"] {
  const weak = [
    noFirewall === undefined
      ? ""
      : `Caves may reach listeners of the host and private networks: ${noFirewall}.`,
    has(facts, "seccomp") ? "" : "The engine filters no system calls (seccomp is off).",
  ].filter(Boolean);
  const notes = [
    has(facts, "apparmor") || has(facts, "selinux")
      ? ""
      : "The host has neither AppArmor nor SELinux for containers.",
    has(facts, "userns") || has(facts, "rootless")
      ? ""
      : "Users in caves are not remapped to other users of the host.",
    ownKernel.includes(facts.DefaultRuntime) ? "" : "Caves share the host's kernel.",
  ].filter(Boolean);
  const grade =
    weak.length > 0 ? "reduced" : ownKernel.includes(facts.DefaultRuntime) ? "strong" : "standard";
  return { grade, notes: [...weak, ...notes] };
}

function has({ SecurityOptions }: EngineFacts, name: string): boolean {
  return (SecurityOptions ?? []).some((option) => option.split(",").includes(`name=${name}`));
}
