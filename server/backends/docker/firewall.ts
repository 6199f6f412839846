import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { messageOf } from "../../lib/app-error.ts";
import { resolvers } from "./resolvers.ts";

export interface FirewallPlan {
  bridge: string;
  /** Name servers that stay reachable. */
  resolvers: readonly string[];
  /** Lets caves reach the networks around the host; never link-local addresses, where clouds keep their metadata. */
  allowPrivateNetworks: boolean;
}

const never = ["169.254.0.0/16", "127.0.0.0/8", "0.0.0.0/8", "224.0.0.0/4", "240.0.0.0/4"];
const around = ["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16"];
/** Commands at most this old are trusted to still be in force: an `iptables -F` by somebody else is noticed at the next cave. */
const trustMs = 1_000;

const run = promisify(execFile);
const iptables = (...args: string[]) => run("iptables", ["-w", "5", ...args], { timeout: 10_000 });

/** Two chains, one for what caves send to the host itself and one for what they send through it. Told apart by the bridge they come from. */
export function chains(plan: FirewallPlan): { input: string; forward: string; script: string } {
  const key = createHash("sha256").update(plan.bridge).digest("hex").slice(0, 10);
  const input = `GHOST-${key}-IN`;
  const forward = `GHOST-${key}-FWD`;
  const names = (chain: string) =>
    plan.resolvers.flatMap((address) =>
      ["udp", "tcp"].map((kind) => `-A ${chain} -d ${address} -p ${kind} --dport 53 -j RETURN`),
    );
  const denied = plan.allowPrivateNetworks ? never : [...never, ...around];
  const script = [
    "*filter",
    `:${input} - [0:0]`,
    `:${forward} - [0:0]`,
    // Answers to what the gateway began.
    `-A ${input} -m conntrack --ctstate ESTABLISHED,RELATED -j RETURN`,
    ...names(input),
    `-A ${input} -j DROP`,
    `-A ${forward} -o ${plan.bridge} -j DROP`,
    ...names(forward),
    // Refused rather than dropped, so that a program that tries does not hang.
    ...denied.map((range) => `-A ${forward} -d ${range} -j REJECT`),
    "COMMIT",
    "",
  ].join("\n");
  return { input, forward, script };
}

/** Keeps the rules of one bridge in the host's own table. */
export class Firewall {
  readonly #bridge: string;
  readonly #allowPrivateNetworks: boolean;
  #checked: { at: number; result: Promise<string | undefined> } | undefined;

  constructor(bridge: string, allowPrivateNetworks: boolean) {
    this.#bridge = bridge;
    this.#allowPrivateNetworks = allowPrivateNetworks;
  }

  /** Why rules cannot even be tried. */
  get obstacle(): string | undefined {
    return process.getuid?.() === 0
      ? undefined
      : "the gateway does not run as root, so it cannot write the host's firewall rules";
  }

  /** Sees to it that the rules are there. Resolves to why they cannot be, or undefined. */
  keep(): Promise<string | undefined> {
    const now = performance.now();
    if (this.#checked === undefined || now - this.#checked.at > trustMs)
      this.#checked = { at: now, result: this.#keep() };
    return this.#checked.result;
  }

  async remove(): Promise<void> {
    this.#checked = undefined;
    const { input, forward } = chains(await this.#plan());
    for (const [from, chain] of [
      ["INPUT", input],
      ["DOCKER-USER", forward],
      ["FORWARD", forward],
    ] as const) {
      // Each is as good as done when it is not there.
      await iptables("-D", from, "-i", this.#bridge, "-j", chain).catch(() => undefined);
    }
    for (const chain of [input, forward]) {
      await iptables("-F", chain).catch(() => undefined);
      await iptables("-X", chain).catch(() => undefined);
    }
  }

  async #plan(): Promise<FirewallPlan> {
    return {
      bridge: this.#bridge,
      resolvers: await resolvers(),
      allowPrivateNetworks: this.#allowPrivateNetworks,
    };
  }

  async #keep(): Promise<string | undefined> {
    if (this.obstacle !== undefined) return this.obstacle;
    const { input, forward, script } = chains(await this.#plan());
    try {
      const present = await Promise.all([this.#jumps("INPUT", input), this.#jumps("DOCKER-USER", forward)]);
      if (present.every(Boolean)) return undefined;
      await this.#write(script);
      if (!present[0]) await iptables("-I", "INPUT", "1", "-i", this.#bridge, "-j", input);
      if (!present[1]) {
        // The engine asks this chain before its own; where it has none (its nftables mode), FORWARD is as good.
        const from = await iptables("-S", "DOCKER-USER").then(
          () => "DOCKER-USER",
          () => "FORWARD",
        );
        if (from === "DOCKER-USER" || !(await this.#jumps(from, forward)))
          await iptables("-I", from, "1", "-i", this.#bridge, "-j", forward);
      }
      return undefined;
    } catch (error) {
      return `the host's firewall rules could not be written (${messageOf(error).split("\n")[0] ?? ""})`;
    }
  }

  #jumps(from: string, to: string): Promise<boolean> {
    return iptables("-C", from, "-i", this.#bridge, "-j", to).then(
      () => true,
      () => false,
    );
  }

  async #write(script: string): Promise<void> {
    const restoring = run("iptables-restore", ["--noflush", "-w", "5"], { timeout: 10_000 });
    restoring.child.stdin?.on("error", () => undefined); // the exit says more
    restoring.child.stdin?.end(script);
    await restoring;
  }
}
