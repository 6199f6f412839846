"use client";
import { useQuery } from "@tanstack/react-query";
import { Play, RotateCw } from "lucide-react";
import { StartingStages } from "../create/starting-stages.tsx";
import { absolute, ago } from "../lib/time.ts";
import { megabytes } from "../lib/units.ts";
import { useNow } from "../lib/use-now.ts";
import { may, meQuery } from "../session/api.ts";
import { Button } from "../ui/button.tsx";
import { Spinner } from "../ui/spinner.tsx";
import { StateDot } from "../ui/state-dot.tsx";
import { EmptyState, ErrorNote } from "../ui/states.tsx";
import { useMove } from "./api/move.ts";
import type { Cave } from "#contract/cave.ts";

/** A cave in which nothing runs: what is the matter, and the way back. */
export function NotRunning({ cave }: { cave: Cave }) {
  const { data: me } = useQuery(meQuery);
  const move = useMove(cave);
  const now = useNow(60_000);
  const { state, name, stateReason } = cave;
  const mayMove = may(me, "caves:write");
  if (state === "creating" || state === "removing" || cave.starting || move.isPending)
    return (
      <div className="grid h-full content-center overflow-y-auto">
        <div role="status" className="-mb-8">
          <EmptyState
            icon={<Spinner className="size-7 text-busy" />}
            title={state === "removing" ? `${name} is being deleted` : `${name} is starting`}
          >
            {state === "removing"
              ? "Its page goes with it."
              : state === "creating" && stateReason !== undefined
                ? stateReason
                : "Its panels appear by themselves."}
          </EmptyState>
        </div>
        {cave.starting && <StartingStages starting={cave.starting} />}
      </div>
    );
  const verb = state === "paused" ? ("resume" as const) : ("start" as const);
  // The kernel ended it for want of memory: the same again would end the same way.
  const hungry = state === "failed" && /\bmemory\b/i.test(stateReason ?? "");
  // Of one that could not be made there is nothing to keep.
  const used = state !== "failed" || cave.lastActivity.what !== "created";
  const more = cave.limits.memoryMb * 2;
  const title = { paused: "is paused", stopped: "is stopped", failed: "has failed", running: "" }[state];
  return (
    <div className="grid h-full place-items-center overflow-y-auto">
      <div className="grid gap-2">
        <EmptyState
          icon={
            <span className="[&_svg]:size-6">
              <StateDot state={state} />
            </span>
          }
          title={`${name} ${title}`}
          actions={
            mayMove && (
              <>
                <Button kind="primary" size="lg" onClick={() => move.mutate({ verb })}>
                  {state === "failed" ? <RotateCw aria-hidden /> : <Play aria-hidden />}
                  {state === "failed" ? "Try again" : verb === "start" ? "Start" : "Resume"}
                </Button>
                {hungry && (
                  <Button size="lg" onClick={() => move.mutate({ verb, memoryMb: more })}>
                    Start with {megabytes(more)} of memory
                  </Button>
                )}
              </>
            )
          }
        >
          {stateReason !== undefined && <p role={state === "failed" ? "alert" : undefined}>{stateReason}</p>}
          {used && (
            <p>
              {state === "paused"
                ? "Its programs are frozen where they were."
                : "Its workspace is kept, and so is your layout."}{" "}
              {now > 0 && (
                <span title={absolute(cave.lastActivity.at)}>
                  Last used {ago(cave.lastActivity.at, now)}.
                </span>
              )}
            </p>
          )}
        </EmptyState>
        {move.error !== null && <ErrorNote error={move.error} />}
      </div>
    </div>
  );
}
