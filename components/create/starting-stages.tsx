"use client";
import { span } from "../lib/time.ts";
import { useNow } from "../lib/use-now.ts";
import { stages } from "./api/create-cave.ts";
import { StageList } from "./stage-list.tsx";
import type { Starting } from "#contract/cave.ts";

/** How far a cave is that somebody makes or starts, here or anywhere else. */
export function StartingStages({ starting: { stage, since, line } }: { starting: Starting }) {
  const now = useNow();
  const at = stages.findIndex((one) => one.stage === stage);
  return (
    <div className="mx-auto grid w-[min(26rem,calc(100%-2rem))] gap-2">
      <StageList
        rows={stages.map(({ name }, index) => ({
          name,
          status: index < at ? "done" : index === at ? "going" : "waiting",
          ...(index === at && now > 0 && { time: span(now - Date.parse(since)) }),
        }))}
      />
      <p className="h-4 truncate font-mono text-xs text-dim" title={line}>
        {line}
      </p>
    </div>
  );
}
