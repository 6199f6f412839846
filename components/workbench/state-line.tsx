"use client";
import { useQuery } from "@tanstack/react-query";
import { ChevronDown, LayoutDashboard, Pause, Play, Plus, RotateCw, Square } from "lucide-react";
import { chosenPorts } from "../caves/chosen-ports.ts";
import { longSpan } from "../lib/time.ts";
import { bytes, megabytes, percent } from "../lib/units.ts";
import { useNow } from "../lib/use-now.ts";
import { useFigures } from "../live/figures.ts";
import { useCommands } from "../palette/store.ts";
import { may, meQuery } from "../session/api.ts";
import { Button } from "../ui/button.tsx";
import { Menu, MenuItem, MenuLabel } from "../ui/menu.tsx";
import { StateDot, stateWords } from "../ui/state-dot.tsx";
import { useMove } from "./api/move.ts";
import type { DockHandle } from "./dock/dock.tsx";
import { presetsFor } from "./dock/presets.ts";
import { panelsFor } from "./panels.ts";
import type { Cave } from "#contract/cave.ts";

interface Props {
  cave: Cave;
  /** Not while the cave has nothing to dock. */
  dock: DockHandle | undefined;
}

/** The cave at a glance, and what can be done with the whole of it. */
export function StateLine({ cave, dock }: Props) {
  return (
    <div className="flex h-10 shrink-0 items-center gap-3 overflow-hidden border-b border-line bg-surface px-3 text-sm pointer-coarse:h-13">
      <div className="flex min-w-0 items-center gap-2">
        <StateDot state={cave.state} />
        <h1 className="truncate font-semibold tracking-[-0.01em]">{cave.name}</h1>
        <span className="text-dim">{stateWords[cave.state]}</span>
      </div>
      {cave.state === "running" && <Figures cave={cave} />}
      {cave.state === "running" && <PortChips cave={cave} dock={dock} />}
      <div className="ml-auto flex shrink-0 items-center gap-1.5">
        {cave.state === "running" && <StopsIn cave={cave} />}
        {dock && <OpenMenu cave={cave} dock={dock} />}
        {dock && <LayoutMenu dock={dock} />}
        <MoveMenu cave={cave} />
      </div>
    </div>
  );
}

function Figures({ cave }: { cave: Cave }) {
  const { latest } = useFigures(cave.id);
  if (latest === undefined) return null;
  const limit = megabytes(cave.limits.memoryMb);
  return (
    <dl className="figures flex items-center gap-3 whitespace-nowrap text-dim max-md:hidden">
      <div className="flex gap-1.5">
        <dt className="text-faint">CPU</dt>
        <dd className="min-w-9">{percent(latest.cpuPercent ?? 0)}</dd>
      </div>
      <div className="flex gap-1.5" title={`of ${limit}`}>
        <dt className="text-faint">Mem</dt>
        <dd>
          {bytes(latest.memoryBytes)} <span className="text-faint max-xl:hidden">/ {limit}</span>
        </dd>
      </div>
    </dl>
  );
}

function PortChips({ cave, dock }: Props) {
  const ports = chosenPorts(cave.ports);
  if (!dock || ports.length === 0) return null;
  const shown = ports.slice(0, 4);
  const rest = ports.length - shown.length;
  return (
    <div
      role="group"
      aria-label="Listening ports"
      className="flex min-w-0 items-center gap-1 overflow-hidden max-lg:hidden"
    >
      {shown.map(({ port, process }) => (
        <Button
          key={port}
          size="sm"
          kind="quiet"
          aria-label={`Preview port ${port}`}
          title={process === undefined ? `Preview port ${port}` : `Preview ${process} on port ${port}`}
          onClick={() => dock.preview(port)}
        >
          <span className="figures text-accent-ink">:{port}</span>
        </Button>
      ))}
      {rest > 0 && (
        <Button size="sm" kind="quiet" onClick={() => dock.open("ports")}>
          {rest} more
        </Button>
      )}
    </div>
  );
}

function StopsIn({ cave }: { cave: Cave }) {
  const now = useNow();
  if (cave.stopsAt === undefined || now === 0) return null;
  const left = Date.parse(cave.stopsAt) - now;
  if (left < 0) return null;
  return (
    <span
      className="text-xs whitespace-nowrap text-faint max-xl:hidden"
      title="Unless something happens in it"
    >
      stops in {longSpan(left)}
    </span>
  );
}

function OpenMenu({ cave, dock }: { cave: Cave; dock: DockHandle }) {
  const { data: me } = useQuery(meQuery);
  const offered = panelsFor(cave, (scope) => may(me, scope));
  useCommands(
    offered.map(({ kind, title, icon: Icon, words = "" }) => ({
      id: `panel ${kind}`,
      name: `Open ${title}`,
      group: cave.name,
      icon: <Icon aria-hidden />,
      words: `panel ${words}`,
      run: () => dock.open(kind),
    })),
  );
  return (
    <Menu
      trigger={
        <Button size="sm" kind="quiet">
          <Plus aria-hidden /> <span className="max-sm:sr-only">Panel</span>
        </Button>
      }
    >
      {offered.map(({ kind, title, icon: Icon, many }) => (
        <MenuItem key={kind} icon={<Icon aria-hidden />} onSelect={() => dock.open(kind, {}, many === true)}>
          {title}
        </MenuItem>
      ))}
    </Menu>
  );
}

function LayoutMenu({ dock }: { dock: DockHandle }) {
  const presets = presetsFor(dock.cave);
  useCommands(
    presets.map(({ name, label }) => ({
      id: `layout ${name}`,
      name: `Layout: ${label}`,
      group: dock.cave.name,
      icon: <LayoutDashboard aria-hidden />,
      run: () => dock.apply(name),
    })),
  );
  return (
    <span className="contents max-sm:hidden">
      <Menu
        trigger={
          <Button size="sm" kind="quiet">
            <LayoutDashboard aria-hidden /> Layout
          </Button>
        }
      >
        <MenuLabel>Put in place</MenuLabel>
        {presets.map(({ name, label, hint }) => (
          <MenuItem key={name} onSelect={() => dock.apply(name)}>
            {label}
            <span className="block text-xs text-faint">{hint}</span>
          </MenuItem>
        ))}
      </Menu>
    </span>
  );
}

const verbs = {
  running: ["stop", "restart", "pause"],
  paused: ["resume", "stop"],
  stopped: ["start"],
  failed: ["start"],
  creating: [],
  removing: [],
} as const satisfies Record<Cave["state"], readonly Verb[]>;
type Verb = "start" | "stop" | "restart" | "pause" | "resume";
const faces = {
  start: { label: "Start", icon: Play },
  stop: { label: "Stop", icon: Square },
  restart: { label: "Restart", icon: RotateCw },
  pause: { label: "Pause", icon: Pause },
  resume: { label: "Resume", icon: Play },
} as const;

function MoveMenu({ cave }: { cave: Cave }) {
  const { data: me } = useQuery(meQuery);
  const move = useMove(cave);
  const [first, ...rest] = verbs[cave.state] as readonly Verb[];
  const run = (verb: Verb) => move.mutate({ verb });
  useCommands(
    (verbs[cave.state] as readonly Verb[]).map((verb) => {
      const { label, icon: Icon } = faces[verb];
      return {
        id: `move ${verb}`,
        name: `${label} ${cave.name}`,
        group: cave.name,
        icon: <Icon aria-hidden />,
        run: () => run(verb),
      };
    }),
  );
  if (first === undefined || !may(me, "caves:write")) return null;
  const { label, icon: Icon } = faces[first];
  return (
    <span className="flex items-center">
      <Button
        size="sm"
        kind={first === "start" || first === "resume" ? "primary" : "secondary"}
        busy={move.isPending}
        onClick={() => run(first)}
        className={rest.length > 0 ? "rounded-r-none" : ""}
      >
        <Icon aria-hidden /> {label}
      </Button>
      {rest.length > 0 && (
        <Menu
          trigger={
            <Button size="sm" aria-label="More" className="-ml-px w-6 rounded-l-none px-0">
              <ChevronDown aria-hidden />
            </Button>
          }
        >
          {rest.map((verb) => {
            const { label, icon: Icon } = faces[verb];
            return (
              <MenuItem key={verb} icon={<Icon aria-hidden />} onSelect={() => run(verb)}>
                {label}
              </MenuItem>
            );
          })}
        </Menu>
      )}
    </span>
  );
}
