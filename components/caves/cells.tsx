"use client";
import { cx } from "../lib/cx.ts";
import { absolute, ago, longSpan, span } from "../lib/time.ts";
import { useNow } from "../lib/use-now.ts";
import { stateWords } from "../ui/state-dot.tsx";
import { chosenPorts } from "./chosen-ports.ts";
import { openPort } from "./open-surface.ts";
import { stageWords } from "./starting.ts";
import type { Cave, Starting } from "#contract/cave.ts";

/** When something last happened, and what. */
export function ActivityCell({ cave }: { cave: Cave }) {
  const now = useNow();
  const { at, what } = cave.lastActivity;
  return (
    <time dateTime={at} title={absolute(at)} className="block truncate text-dim">
      {what}
      <span className="text-faint">, {ago(at, now)}</span>
    </time>
  );
}

/** How long until it stops by itself, or is deleted. */
export function StopsCell({ cave }: { cave: Cave }) {
  const now = useNow();
  const [at, what] =
    cave.expiresAt !== undefined && (cave.stopsAt === undefined || cave.expiresAt < cave.stopsAt)
      ? [cave.expiresAt, "Deleted"]
      : [cave.stopsAt, "Stops"];
  if (at === undefined) return <span className="text-faint">–</span>;
  const left = Date.parse(at) - now;
  return (
    <time
      dateTime={at}
      title={`${what} ${absolute(at)}${what === "Stops" ? ", unless something happens in it" : ""}`}
      className={cx("figures", left < 300_000 ? "text-warn" : "text-dim")}
    >
      {longSpan(left)}
      {what === "Deleted" && <span className="sr-only"> until it is deleted</span>}
    </time>
  );
}

const shownPorts = 2;

export function PortsCell({ cave }: { cave: Cave }) {
  const ports = chosenPorts(cave.ports);
  const shown = ports.slice(0, shownPorts);
  const more = ports.slice(shownPorts);
  if (shown.length === 0) return <span className="text-faint">–</span>;
  return (
    <span className="flex items-center gap-1.5">
      {shown.map(({ port, process }) => (
        <button
          key={port}
          type="button"
          title={process === undefined ? `Open port ${port}` : `Open port ${port}, ${process}`}
          onClick={() => openPort(cave, port)}
          className="figures rounded-sm border border-line-strong px-1.5 py-0.5 text-accent-ink hover:border-accent"
        >
          :{port}
          <span className="sr-only"> of {cave.name}, opens a new tab</span>
        </button>
      ))}
      {more.length > 0 && (
        <span className="text-xs text-faint" title={more.map(({ port }) => `:${port}`).join(" ")}>
          +{more.length}
        </span>
      )}
    </span>
  );
}

const slowMs = 180_000;

/** Which stage it is at, for how long, and what that last said. */
function StartingNote({ starting: { stage, since, line }, now }: { starting: Starting; now: number }) {
  const ms = now - Date.parse(since);
  return (
    <span className={cx("truncate", ms > slowMs ? "text-warn" : "text-dim")} title={line}>
      {stageWords[stage]}
      {now > 0 && <span className="figures"> · {span(ms)}</span>}
      {line !== undefined && <span className="text-faint"> · {line}</span>}
    </span>
  );
}

/** What a cave that is not running has to say instead of figures. */
export function StatusCell({ cave, doing, away }: { cave: Cave; doing: string | undefined; away: boolean }) {
  const now = useNow();
  if (cave.starting) return <StartingNote starting={cave.starting} now={now} />;
  if (doing !== undefined) return <span className="text-dim">{doing} …</span>;
  if (away && cave.state !== "stopped" && cave.state !== "failed")
    return (
      <span className="truncate text-warn">
        {stateWords[cave.state]} when {cave.backend} last answered
      </span>
    );
  switch (cave.state) {
    case "failed":
      return (
        <span className="truncate text-danger" title={cave.stateReason}>
          {cave.stateReason ?? "It failed, and nobody said why"}
        </span>
      );
    case "creating":
      return <span className="text-dim">Starting …</span>;
    case "removing":
      return <span className="text-dim">Deleting …</span>;
    case "paused":
      return <span className="text-dim">Paused, with its memory kept</span>;
    case "stopped":
      return (
        <span className="truncate text-faint" title={cave.stateReason}>
          {cave.stateReason ?? "Stopped"}
        </span>
      );
    case "running":
      return null;
  }
}
