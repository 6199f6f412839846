import { describe, expect, it } from "vitest";
import type { Observed } from "../backends/backend.ts";
import type { CaveRecord, Desired } from "./cave-record.ts";
import { repairOf } from "./repair.ts";
import type { CaveState } from "#contract/cave.ts";

const record = (state: CaveState, desired: Desired): CaveRecord => ({
  id: "cave-aaaaaaaaaaaaaaaa",
  name: "x",
  ownerId: "user-ann",
  ownerName: "ann",
  backend: "memory",
  image: "ghost/cave",
  state,
  desired,
  limits: { cpus: 1, memoryMb: 64, pids: 16, diskMb: 64 },
  network: { mode: "open" },
  env: {},
  secrets: [],
  services: [],
  createdAt: new Date(0),
  activityAt: new Date(0),
  activityWhat: "created",
  keepWorkspace: false,
});

const views = ["nothing", "volume", "created", "running", "paused", "stopped"] as const;
function seen(view: (typeof views)[number]): Observed | undefined {
  if (view === "nothing") return undefined;
  const id = "cave-aaaaaaaaaaaaaaaa";
  return view === "volume" ? { id, kind: "volume", state: "stopped" } : { id, kind: "cave", state: view };
}

/** What the store says, and what becomes of it for each thing that the engine may hold: `do`, or `=state` for what is only noted. */
const table: [CaveState, Desired, Record<(typeof views)[number], string>][] = [
  [
    "creating",
    "running",
    {
      nothing: "create",
      volume: "create",
      created: "create",
      running: "create",
      paused: "create",
      stopped: "create",
    },
  ],
  [
    "removing",
    "stopped",
    {
      nothing: "remove",
      volume: "remove",
      created: "remove",
      running: "remove",
      paused: "remove",
      stopped: "remove",
    },
  ],
  [
    "running",
    "running",
    {
      nothing: "=failed",
      volume: "=stopped",
      created: "=stopped",
      running: "nothing",
      paused: "=paused",
      stopped: "=stopped",
    },
  ],
  [
    "running",
    "stopped",
    {
      nothing: "=failed",
      volume: "=stopped",
      created: "=stopped",
      running: "stop",
      paused: "stop",
      stopped: "=stopped",
    },
  ],
  [
    "running",
    "paused",
    {
      nothing: "=failed",
      volume: "=stopped",
      created: "=stopped",
      running: "pause",
      paused: "=paused",
      stopped: "=stopped",
    },
  ],
  [
    "paused",
    "paused",
    {
      nothing: "=failed",
      volume: "=stopped",
      created: "=stopped",
      running: "=running",
      paused: "nothing",
      stopped: "=stopped",
    },
  ],
  [
    "paused",
    "running",
    {
      nothing: "=failed",
      volume: "=stopped",
      created: "=stopped",
      running: "=running",
      paused: "resume",
      stopped: "=stopped",
    },
  ],
  [
    "paused",
    "stopped",
    {
      nothing: "=failed",
      volume: "=stopped",
      created: "=stopped",
      running: "stop",
      paused: "stop",
      stopped: "=stopped",
    },
  ],
  [
    "stopped",
    "stopped",
    {
      nothing: "=failed",
      volume: "nothing",
      created: "nothing",
      running: "=running",
      paused: "=paused",
      stopped: "nothing",
    },
  ],
  [
    "stopped",
    "running",
    {
      nothing: "start",
      volume: "start",
      created: "start",
      running: "start",
      paused: "=paused",
      stopped: "start",
    },
  ],
  [
    "failed",
    "stopped",
    {
      nothing: "nothing",
      volume: "nothing",
      created: "nothing",
      running: "=running",
      paused: "=paused",
      stopped: "nothing",
    },
  ],
  [
    "failed",
    "running",
    {
      nothing: "start",
      volume: "start",
      created: "start",
      running: "start",
      paused: "=paused",
      stopped: "start",
    },
  ],
];

describe.each(table)("%s, meant to be %s", (state, desired, row) => {
  it.each(views)("and %s in the engine", (view) => {
    const repair = repairOf(record(state, desired), { observed: seen(view), engineWasAway: false });
    expect(repair.do === "note" ? `=${repair.state}` : repair.do).toBe(row[view]);
  });
});

describe("the reason why a cave no longer runs", () => {
  const reasonOf = (observed: Partial<Observed>, engineWasAway = false) =>
    repairOf(record("running", "running"), {
      observed: { id: "cave-aaaaaaaaaaaaaaaa", kind: "cave", state: "stopped", ...observed },
      engineWasAway,
    });

  it.each([
    [{ exitCode: 0 }, false, "stopped", /exit code 0/],
    [{ exitCode: 1 }, false, "failed", /exit code 1/],
    [{ exitCode: 143 }, false, "stopped", /exit code 143/],
    [{ exitCode: 255 }, false, "stopped", /exit code 255/],
    [{ exitCode: 137, outOfMemory: true }, false, "failed", /memory/],
    [{ exitCode: 255 }, true, "stopped", /engine was restarted/],
    [{ exitCode: 137, outOfMemory: true }, true, "failed", /memory/],
  ] as const)("%j, engine away: %s", (observed, away, state, reason) => {
    expect(reasonOf(observed, away)).toEqual({
      do: "note",
      state,
      reason: expect.stringMatching(reason) as string,
    });
  });

  it("is none when somebody wanted it", () => {
    expect(
      repairOf(record("running", "stopped"), {
        observed: { id: "cave-aaaaaaaaaaaaaaaa", kind: "cave", state: "stopped", exitCode: 137 },
        engineWasAway: true,
      }),
    ).toEqual({ do: "note", state: "stopped" });
  });
});
