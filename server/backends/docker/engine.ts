import type Docker from "dockerode";
import type { Addresses } from "./addresses.ts";
import type { Background } from "./background.ts";
import type { BridgeNetwork } from "./bridge-network.ts";
import type { Containers } from "./containers.ts";
import type { LiveExecs } from "./live-execs.ts";
import type { Skeleton } from "./skeleton.ts";

/** What the verbs of one open backend share. */
export interface Engine {
  readonly docker: Docker;
  readonly instance: string;
  readonly containers: Containers;
  readonly addresses: Addresses;
  readonly network: BridgeNetwork;
  readonly skeleton: Skeleton;
  readonly live: LiveExecs;
  /** Work that outlives the call that began it; closing the backend waits for it. */
  readonly background: Background;
  /** Aborted when the backend closes. */
  readonly closing: AbortSignal;
  /** Images (by content) whose first process was seen to stay. */
  readonly staying: Set<string>;
  /** Images that were seen to have no socat. */
  readonly withoutSocat: Set<string>;
}
