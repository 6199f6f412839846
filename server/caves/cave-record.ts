import type { Activity, CaveState, Limits, Network } from "#contract/cave.ts";

/** Where a cave is meant to be. Written before the backend is touched, so that whoever finds it unfinished can finish it. */
export type Desired = "running" | "paused" | "stopped";

/** All that is stored of a cave. What is only known while it runs (ports, services, figures) is in the fleet. */
export interface CaveRecord {
  readonly id: string;
  name: string;
  ownerId: string;
  /** Users are never renamed. */
  ownerName: string;
  backend: string;
  /** As asked for until the engine's own reference is known. */
  image: string;
  /** Protocol of the daemon in the image; undefined for a foreign image. */
  daemon?: number | undefined;
  state: CaveState;
  stateReason?: string | undefined;
  desired: Desired;
  limits: Limits;
  network: Network;
  env: Record<string, string>;
  /** Names of the secrets that its processes get. */
  secrets: string[];
  /** Services to start with it. */
  services: string[];
  createdAt: Date;
  startedAt?: Date | undefined;
  activityAt: Date;
  activityWhat: Activity["what"];
  idleTimeoutMs?: number | undefined;
  expiresAt?: Date | undefined;
  /** What the removal that is under way leaves behind. */
  keepWorkspace: boolean;
}

/** Whether its image is known to be without a daemon; of a cave that has never run nobody knows yet. */
export const lacksDaemon = ({ daemon, startedAt }: CaveRecord): boolean =>
  daemon === undefined && startedAt !== undefined;

export type CaveChanges = Partial<Omit<CaveRecord, "id">>;

/** What is remembered of a cave that was removed: removing it again succeeds, and a kept workspace finds its way to the next one of its name. */
export interface RemovedCave {
  readonly id: string;
  ownerId: string;
  name: string;
  backend: string;
  workspaceKept: boolean;
  removedAt: Date;
}
