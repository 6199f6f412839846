"use client";
import { WifiOff } from "lucide-react";
import { useStore } from "../lib/store.ts";
import { useNow } from "../lib/use-now.ts";
import { connection, tryNow } from "../live/stream.ts";
import { Button } from "../ui/button.tsx";

/** Tells a lost connection, why, and when it is tried again; goes away by itself. */
export function ConnectionLine() {
  const state = useStore(connection);
  return (
    <div role="status" className="shrink-0">
      {state.state === "lost" && <Lost cause={state.cause} tryAt={state.tryAt} />}
    </div>
  );
}

function Lost({ cause, tryAt }: { cause: string; tryAt: number }) {
  const seconds = Math.ceil((tryAt - useNow()) / 1000);
  return (
    <div className="flex min-h-8 animate-fade flex-wrap items-center gap-x-3 gap-y-1 border-b border-warn/30 bg-warn/10 px-4 py-1 text-sm">
      <WifiOff className="size-3.5 shrink-0 text-warn" aria-hidden />
      <span className="font-medium">{cause}</span>
      <span className="text-dim" aria-hidden>
        {seconds > 0 ? `What you see may be old. Next try in ${seconds} s.` : "Trying again …"}
      </span>
      <Button size="sm" className="ml-auto" onClick={tryNow}>
        Try now
      </Button>
    </div>
  );
}
