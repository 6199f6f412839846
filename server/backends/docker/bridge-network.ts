import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { networkInterfaces } from "node:os";
import type Docker from "dockerode";
import { AppError } from "../../lib/app-error.ts";
import { abortable } from "./abortable.ts";
import { within } from "./client.ts";
import type { Placement } from "./container-options.ts";
import { engineMessage, statusOf } from "./errors.ts";
import { Firewall } from "./firewall.ts";
import { instanceLabel } from "./labels.ts";
import { firstAddress, formatSubnet, overlaps, parseSubnet, randomAddress, type Subnet } from "./subnet.ts";

/** Ranges to try, in this order; the engine refuses one that another of its networks has. */
const candidates: readonly Subnet[] = Array.from({ length: 40 }, (_, index) => ({
  base: 0x0a_d5_00_00 + index * 0x1_00_00,
  bits: 16,
}));

interface Found {
  name: string;
  subnet: Subnet;
}

/** An interface's name has at most 15 characters. */
export function bridgeName(instance: string): string {
  return `gh-${createHash("sha256").update(instance).digest("hex").slice(0, 10)}`;
}

/**
 * The one bridge that all caves of an instance share, with its own firewall rules. It keeps caves from each other (`enable_icc`), and is wide so that
 * every cave gets an address by chance: one that was freed is not handed out again at once.
 */
export class BridgeNetwork {
  readonly name: string;
  readonly bridge: string;
  readonly firewall: Firewall;
  readonly #docker: Docker;
  readonly #instance: string;
  #found: Promise<Found> | undefined;

  constructor(docker: Docker, instance: string, allowPrivateNetworks: boolean) {
    this.#docker = docker;
    this.#instance = instance;
    this.name = `ghost-${instance}`;
    this.bridge = bridgeName(instance);
    this.firewall = new Firewall(this.bridge, allowPrivateNetworks);
  }

  /** A network and an address for one more cave. */
  async place(signal: AbortSignal): Promise<Placement> {
    const { name, subnet } = await this.#ensure(signal);
    await this.guard();
    return { network: name, address: randomAddress(subnet) };
  }

  /** Puts the firewall's rules back if somebody has flushed them. Where that cannot be done, `info` says so. */
  async guard(): Promise<string | undefined> {
    if (this.reachable) return this.firewall.keep();
    if ((await this.#find()) === undefined) return this.firewall.obstacle;
    return "the engine's network is not on this machine, so the gateway cannot write firewall rules for it";
  }

  /** Whether caves' addresses can be reached from here: the bridge is in our own network namespace. */
  get reachable(): boolean {
    return existsSync(`/sys/class/net/${this.bridge}`);
  }

  /** The network was removed behind our back. */
  forget(): void {
    this.#found = undefined;
  }

  async remove(signal: AbortSignal): Promise<void> {
    this.forget();
    await this.#docker
      .getNetwork(this.name)
      .remove(within(signal))
      .catch((error: unknown) => {
        if (statusOf(error) !== 404) throw error;
      });
    await this.firewall.remove();
  }

  #ensure(signal: AbortSignal): Promise<Found> {
    // Shared by all who wait, so one caller's abort must not end it: it has the connection's own errors to end by.
    this.#found ??= this.#findOrMake().catch((error: unknown) => {
      this.#found = undefined;
      throw error;
    });
    return abortable(this.#found, signal);
  }

  async #findOrMake(): Promise<Found> {
    const before = await this.#find();
    if (before) return before;
    const local = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .map(({ cidr }) => parseSubnet(cidr ?? ""))
      .filter((subnet) => subnet !== undefined);
    for (const subnet of candidates.filter((candidate) => !local.some((used) => overlaps(candidate, used)))) {
      try {
        await this.#make(subnet);
        return { name: this.name, subnet };
      } catch (error) {
        const refused = engineMessage(error);
        if (/overlap|already in use|invalid pool/i.test(refused)) continue;
        // Somebody else of this instance was quicker.
        const made = /already exists|conflicts with network/i.test(refused) ? await this.#find() : undefined;
        if (made) return made;
        throw error;
      }
    }
    throw new AppError(
      "limit_reached",
      "No address range from 10.213.0.0/16 to 10.252.0.0/16 is free for the caves' network.",
    );
  }

  async #find(): Promise<Found | undefined> {
    try {
      const network = await this.#docker.getNetwork(this.name).inspect();
      const subnet = parseSubnet(network.IPAM?.Config?.[0]?.Subnet ?? "");
      return subnet && { name: this.name, subnet };
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw error;
    }
  }

  async #make(subnet: Subnet): Promise<void> {
    await this.#docker.createNetwork({
      Name: this.name,
      CheckDuplicate: true,
      Driver: "bridge",
      EnableIPv6: false,
      Labels: { [instanceLabel]: this.#instance },
      IPAM: { Driver: "default", Config: [{ Subnet: formatSubnet(subnet), Gateway: firstAddress(subnet) }] },
      Options: {
        "com.docker.network.bridge.name": this.bridge,
        "com.docker.network.bridge.enable_icc": "false",
      },
    });
  }
}
