"use client";
import { Play, Square } from "lucide-react";
import { Button } from "../ui/button.tsx";
import { Keys } from "../ui/kbd.tsx";
import type { Playground } from "./use-playground.ts";

/** Both are always there, in one size: nothing moves under the pointer. */
export const RunButtons = ({ play: { going, language, run, stop } }: { play: Playground }) => (
  <span className="flex gap-1">
    <Button size="sm" disabled={!going} onClick={stop} aria-keyshortcuts="Control+. Meta+.">
      <Square aria-hidden /> Stop
    </Button>
    <Button
      size="sm"
      kind="primary"
      disabled={going || language?.ready !== true}
      onClick={run}
      aria-keyshortcuts="Control+Enter Meta+Enter"
    >
      <Play aria-hidden /> Run
      <span aria-hidden className="ml-1 max-xl:hidden">
        <Keys keys="mod+enter" />
      </span>
    </Button>
  </span>
);
