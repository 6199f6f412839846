"use client";
import { Play, Square, Trash2 } from "lucide-react";
import { Button } from "../ui/button.tsx";
import { verbsFor, type Verb } from "./states.ts";
import type { Cave } from "#contract/cave.ts";

interface Props {
  caves: readonly Cave[];
  onDo: (verb: Verb) => void;
  onClear: () => void;
}

/** In the filter's place, and of its height: nothing moves when the first row is selected. */
export function BulkBar({ caves, onDo, onClear }: Props) {
  const can = (verb: Verb) => caves.filter(({ state }) => verbsFor[state].includes(verb)).length;
  return (
    <div role="toolbar" aria-label="Selected caves" className="flex shrink-0 items-center gap-2 px-3 py-2.5">
      <span role="status" className="flex h-8 items-center gap-2 px-1 font-medium">
        {caves.length} selected
      </span>
      <Button disabled={can("start") === 0} onClick={() => onDo("start")}>
        <Play aria-hidden /> Start {can("start") || ""}
      </Button>
      <Button disabled={can("stop") === 0} onClick={() => onDo("stop")}>
        <Square aria-hidden /> Stop {can("stop") || ""}
      </Button>
      <Button disabled={can("remove") === 0} onClick={() => onDo("remove")}>
        <Trash2 className="text-danger" aria-hidden /> Delete {can("remove") || ""}
      </Button>
      <Button kind="quiet" className="ml-auto" onClick={onClear}>
        Clear selection
      </Button>
    </div>
  );
}
