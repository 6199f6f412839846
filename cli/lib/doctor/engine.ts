import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { buffer } from "node:stream/consumers";
import { reasonOf } from "../failure.ts";
import { showBytes } from "../units.ts";
import { engineAddress, type EngineAddress } from "./engine-address.ts";
import { fail, ok, warn, type Finding } from "./finding.ts";

/** What of GET /info matters here. */
export interface EngineInfo {
  readonly ServerVersion?: string;
  readonly CgroupVersion?: string;
  readonly CgroupDriver?: string;
  readonly Driver?: string;
  readonly SecurityOptions?: readonly string[] | null;
  readonly Runtimes?: Readonly<Record<string, unknown>>;
  readonly LiveRestoreEnabled?: boolean;
  readonly BridgeNfIptables?: boolean;
  readonly MemoryLimit?: boolean;
  readonly PidsLimit?: boolean;
  readonly NCPU?: number;
  readonly MemTotal?: number;
  readonly OperatingSystem?: string;
}

const floor = [20, 10] as const;

export async function checkEngine(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Finding[]> {
  let address: EngineAddress | undefined;
  try {
    address = engineAddress(env);
    return checkInfo((await getJson(address, "/info", signal)) as EngineInfo);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const where = address?.where ?? env["DOCKER_HOST"] ?? "";
    const todo =
      code === "EACCES"
        ? "Join the docker group: sudo usermod -aG docker $USER, then sign in again."
        : "Start Docker, or let `npm run up` do it. With an engine elsewhere set DOCKER_HOST.";
    const reason =
      code === "EACCES" ? "you may not talk to it" : code === "ENOENT" ? "nothing is there" : reasonOf(error);
    return [fail("engine", `No Docker engine answers at ${where}: ${reason}.`, todo)];
  }
}

/** Pure, so that engines of every kind can be judged in a test. */
export function checkInfo(info: EngineInfo): Finding[] {
  const version = info.ServerVersion ?? "unknown";
  const [major = 0, minor = 0] = version.split(".").map((part) => parseInt(part, 10));
  const isOld = major < floor[0] || (major === floor[0] && minor < floor[1]);
  const security = info.SecurityOptions ?? [];
  const seccomp = security.find((one) => one.includes("name=seccomp"));
  const unconfined = seccomp === undefined || /profile=unconfined/.test(seccomp);
  const cgroup = `cgroup v${info.CgroupVersion ?? "1"}, driver ${info.CgroupDriver ?? "none"}`;
  const limits = info.MemoryLimit !== false && info.PidsLimit !== false && info.CgroupDriver !== "none";
  const driver = info.Driver ?? "unknown";
  const runtimes = Object.keys(info.Runtimes ?? {}).filter((name) => !name.startsWith("io.containerd"));
  const findings: Finding[] = [
    isOld
      ? fail(
          "engine",
          `Docker engine ${version} is too old.`,
          `Update it: Ghost needs ${floor.join(".")} or newer.`,
        )
      : ok(
          "engine",
          `Docker engine ${version} on ${info.OperatingSystem ?? "unknown"}, ${info.NCPU ?? "?"} CPUs, ${showBytes(info.MemTotal ?? 0)} memory.`,
        ),
    limits
      ? ok("cgroups", `${cgroup}.`)
      : fail(
          "cgroups",
          `${cgroup}: limits on memory or processes do not work.`,
          "Boot with cgroup v2, or run the engine as root.",
        ),
    driver === "vfs" || driver === "devicemapper"
      ? warn(
          "storage",
          `Storage driver ${driver}: every cave copies its whole image.`,
          "Put Docker's data on ext4, xfs or btrfs, so that overlay2 works.",
        )
      : ok("storage", `Storage driver ${driver}.`),
    unconfined
      ? fail(
          "seccomp",
          "The engine filters no system calls.",
          "Use a kernel with CONFIG_SECCOMP and an engine without seccomp-profile=unconfined.",
        )
      : ok("seccomp", "System calls of caves are filtered."),
    ok(
      "runtimes",
      `${runtimes.join(", ") || "runc"}${security.some((one) => one.includes("rootless")) ? ", rootless" : ""}.`,
    ),
    info.LiveRestoreEnabled === true
      ? ok("live-restore", "Caves go on while the engine restarts.")
      : ok(
          "live-restore",
          'Off: caves stop when the engine restarts. `"live-restore": true` in daemon.json lets them go on.',
        ),
    info.BridgeNfIptables === false
      ? fail(
          "bridge",
          "Traffic between caves does not pass the firewall.",
          "sudo modprobe br_netfilter && sudo sysctl -w net.bridge.bridge-nf-call-iptables=1",
        )
      : ok("bridge", "Traffic between caves passes the firewall."),
  ];
  return findings;
}

async function getJson({ request }: EngineAddress, path: string, signal: AbortSignal): Promise<unknown> {
  const open = request.protocol === "https:" ? httpsRequest : httpRequest;
  const limited = AbortSignal.any([signal, AbortSignal.timeout(10_000)]);
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  open({ ...request, path, signal: limited, headers: { host: "docker" } }, (response) => {
    buffer(response).then((body) => resolve(JSON.parse(body.toString("utf8"))), reject);
  })
    .on("error", reject)
    .end();
  return promise;
}
