"use client";
import { useQuery } from "@tanstack/react-query";
import { MonitorOff } from "lucide-react";
import { useEffect, useLayoutEffect, useState, type ReactNode } from "react";
import { explain, isCode } from "../lib/api.ts";
import { useShortcuts } from "../shortcuts/shortcuts.ts";
import { Skeleton } from "../ui/skeleton.tsx";
import { rich } from "../ui/states.tsx";
import { thumbnailQuery } from "./api/desktop-thumbnail.ts";
import { hasDesktop } from "./use-peek.ts";
import type { Cave } from "#contract/cave.ts";

interface Props {
  cave: Cave;
  /** The pointer came onto the picture, or left it. */
  onHover: (cave: Cave | undefined) => void;
  onClose: () => void;
}

const size = { width: 336, height: 246 };

/** A cave's desktop beside its row, as it is at the moment. Looking starts nothing. */
export function DesktopPeek({ cave, onHover, onClose }: Props) {
  const place = usePlaceOfRow(cave.id);
  useShortcuts([{ keys: "escape", does: "Close the picture of the desktop", group: "Caves", run: onClose }]);
  if (place === undefined) return null;
  const started = cave.services["desktop"]?.state;
  return (
    <div
      role="status"
      aria-label={`Desktop of ${cave.name}`}
      style={{ ...place, ...size }}
      onPointerEnter={() => onHover(cave)}
      onPointerLeave={() => onHover(undefined)}
      className="fixed z-30 flex animate-rise flex-col overflow-hidden rounded-lg border border-line-strong bg-raised shadow-float pointer-coarse:hidden"
    >
      {!hasDesktop(cave) ? (
        <Nothing>
          {cave.state === "running"
            ? "The image of this cave has no desktop."
            : `${cave.name} is not running, and neither is its desktop.`}
        </Nothing>
      ) : started === "starting" ? (
        <Nothing>The desktop is starting.</Nothing>
      ) : started === "failed" ? (
        <Nothing>{cave.services["desktop"]?.reason ?? "The desktop failed."}</Nothing>
      ) : started === "stopped" ? (
        <NeverStarted />
      ) : (
        <Picture cave={cave} />
      )}
      <p className="flex h-8 shrink-0 items-center gap-2 border-t border-line px-3 text-xs text-dim">
        <span className="truncate font-medium text-ink">{cave.name}</span>
        <span className="ml-auto whitespace-nowrap text-faint">Esc closes</span>
      </p>
    </div>
  );
}

function Picture({ cave: { id, name } }: { cave: Cave }) {
  const { data, error } = useQuery(thumbnailQuery(id));
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    if (data === undefined) return;
    const made = URL.createObjectURL(data);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [data]);
  if (error !== null) {
    if (isCode(error, "surface_stopped")) return <NeverStarted />;
    const { title, hint } = explain(error);
    return (
      <Nothing>
        {title} {rich(hint)}
      </Nothing>
    );
  }
  if (address === undefined) return <Skeleton className="min-h-0 grow" />;
  return (
    <img src={address} alt={`What the desktop of ${name} shows`} className="min-h-0 grow object-contain" />
  );
}

const NeverStarted = () => (
  <Nothing>The desktop has not been started. Opening it in the cave starts it.</Nothing>
);

const Nothing = ({ children }: { children: ReactNode }) => (
  <div className="grid min-h-0 grow place-content-center justify-items-center gap-2 px-6 text-center text-sm text-dim">
    <MonitorOff className="size-5 text-faint" strokeWidth={1.5} aria-hidden />
    <p>{children}</p>
  </div>
);

const gap = 4;
const indent = 48;

/** Under the row, or over it where there is more room; none while the row is out of sight. */
function usePlaceOfRow(caveId: string): { top: number; left: number } | undefined {
  const [place, setPlace] = useState<{ top: number; left: number }>();
  useLayoutEffect(() => {
    const measure = () => {
      const row = document.querySelector(`[data-cave="${caveId}"]`)?.getBoundingClientRect();
      if (row === undefined) {
        setPlace(undefined);
        return;
      }
      const below = row.bottom + gap + size.height <= innerHeight;
      const top = below ? row.bottom + gap : Math.max(gap, row.top - gap - size.height);
      setPlace({ top, left: row.left + indent });
    };
    measure();
    const stop = new AbortController();
    // Of whatever scrolls: the event itself does not bubble.
    addEventListener("scroll", measure, { capture: true, passive: true, signal: stop.signal });
    addEventListener("resize", measure, { signal: stop.signal });
    // The row of a key's next step comes with the list's next picture.
    const frame = requestAnimationFrame(measure);
    return () => {
      stop.abort();
      cancelAnimationFrame(frame);
    };
  }, [caveId]);
  return place;
}
