"use client";
import { useQuery } from "@tanstack/react-query";
import { ServerOff } from "lucide-react";
import { backendsQuery } from "../system/api/backends.ts";
import { Button } from "../ui/button.tsx";
import type { Cave } from "#contract/cave.ts";

const everyMs = 10_000;

/** The gateway answers and the engine under it does not: what of the cave still works, and what can be done. */
export function EngineLine({ cave }: { cave: Cave }) {
  const { data, refetch, isFetching } = useQuery({ ...backendsQuery, refetchInterval: everyMs });
  const engine = data?.find(({ name }) => name === cave.backend);
  return (
    <div role="status" className="shrink-0">
      {engine?.reachable === false && (
        <div className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1 border-b border-warn/30 bg-warn/10 px-4 py-1 text-sm">
          <ServerOff className="size-3.5 shrink-0 text-warn" aria-hidden />
          <span className="font-medium">The engine {engine.name} does not answer.</span>
          <span className="text-dim">
            {engine.reason ?? "What runs in the cave may go on."} Is it running? <code>ghost doctor</code>{" "}
            tells what is wrong.
          </span>
          <Button size="sm" className="ml-auto" busy={isFetching} onClick={() => void refetch()}>
            Ask again
          </Button>
        </div>
      )}
    </div>
  );
}
