"use client";
import { useQuery } from "@tanstack/react-query";
import {
  Activity,
  AppWindow,
  Box,
  CodeXml,
  File,
  Monitor,
  Plug,
  SquareTerminal,
  UserRound,
  type LucideIcon,
} from "lucide-react";
import { api } from "../../lib/api.ts";
import { cx } from "../../lib/cx.ts";
import { useStore } from "../../lib/store.ts";
import { absolute, ago } from "../../lib/time.ts";
import { useNow } from "../../lib/use-now.ts";
import { may, meQuery } from "../../session/api.ts";
import { EmptyState, ErrorNote } from "../../ui/states.tsx";
import { useWorkbench, type PanelProps } from "../workbench-context.ts";
import { activityOf } from "./activity-log.ts";
import type { AuditEntry } from "#contract/account.ts";
import type { Cave } from "#contract/cave.ts";

const icons: Record<string, LucideIcon> = {
  ...{ exec: SquareTerminal, terminal: SquareTerminal, process: SquareTerminal, file: File, port: Plug },
  ...{
    browser: AppWindow,
    desktop: Monitor,
    code: CodeXml,
    jupyter: CodeXml,
    state: Box,
    start: Box,
    created: Box,
  },
};

/** What the audit log calls by the name of its endpoint. */
const did: Record<string, string> = {
  ...{ "terminals.open": "opened a terminal", "terminals.connect": "looked at a terminal" },
  ...{ "terminals.close": "closed a terminal", "exec.run": "ran a command" },
  ...{ "processes.start": "started a process", "processes.signal": "signalled a process" },
  ...{ "files.write": "wrote a file", "files.move": "moved a file", "files.remove": "deleted a file" },
  ...{ "files.mkdir": "made a folder", "files.upload": "unpacked files", "files.replace": "replaced text" },
  ...{
    "surfaces.open": "opened a surface",
    "desktop.connect": "looked at the desktop",
    open: "opened a surface",
  },
  ...{ "ports.share": "changed who may see a port", "ports.createLink": "made a link to a port" },
  ...{ "ports.revokeLink": "revoked a link to a port", "caves.create": "created the cave" },
  ...{
    "caves.start": "started the cave",
    "caves.stop": "stopped the cave",
    "caves.restart": "restarted the cave",
  },
  ...{
    "caves.pause": "paused the cave",
    "caves.resume": "resumed the cave",
    "caves.patch": "changed the cave",
  },
};

interface Item {
  readonly key: string;
  readonly at: string;
  readonly icon: LucideIcon;
  readonly text: string;
  readonly who?: string;
  readonly bad?: boolean;
  readonly times?: number;
}

/** Who did what, newest first: what this page saw happen, and for admins what the audit log has of the cave. */
export function ActivityPanel({ place }: PanelProps) {
  const { cave } = useWorkbench();
  const { data: me } = useQuery(meQuery);
  const seen = useStore(activityOf(cave.id));
  const admin = may(me, "admin");
  const audit = useQuery({
    queryKey: ["audit", cave.id],
    queryFn: ({ signal }) =>
      api.system.audit({ query: { limit: 300 } }, { signal }).then(({ entries }) => entries),
    enabled: admin && place.visible,
    refetchInterval: place.visible ? 10_000 : false,
  });
  const now = useNow(10_000);
  const items = [
    ...seen.map(({ at, kind, text, times }): Item => ({
      key: `${at} ${text}`,
      at,
      icon: icons[kind] ?? Activity,
      text,
      times,
    })),
    ...(audit.data ?? []).filter((entry) => isAbout(entry, cave)).map(itemOf),
  ]
    .sort((a, b) => b.at.localeCompare(a.at))
    .slice(0, 400);
  return (
    <div
      role="region"
      aria-label="What happened"
      tabIndex={0}
      className="h-full overflow-y-auto p-3 focus-visible:-outline-offset-2"
    >
      {audit.error !== null && (
        <div className="mb-3">
          <ErrorNote error={audit.error} />
        </div>
      )}
      {items.length === 0 ? (
        <EmptyState icon={<Activity aria-hidden />} title="Nothing has happened yet">
          Commands, files, ports and windows show up here as they are used.
        </EmptyState>
      ) : (
        <ol aria-label="Activity" className="grid">
          {items.map(({ key, at, icon: Icon, text, who, bad, times = 1 }, index) => (
            <li key={`${key} ${index}`} className="relative flex gap-2.5 pb-3 text-sm">
              {index < items.length - 1 && (
                <span aria-hidden className="absolute top-6 bottom-0 left-[11px] w-px bg-line-strong" />
              )}
              <span className="z-1 grid size-6 shrink-0 place-items-center rounded-full border border-line-strong bg-raised">
                <Icon className={cx("size-3", bad ? "text-danger" : "text-dim")} aria-hidden />
              </span>
              <div className="min-w-0 pt-0.5">
                <p className="break-words">
                  {who !== undefined && <span className="font-medium">{who} </span>}
                  {text}
                  {times > 1 && <span className="text-faint"> {times} times</span>}
                </p>
                <time dateTime={at} title={absolute(at)} className="text-xs text-faint">
                  {now > 0 ? ago(at, now) : ""}
                </time>
              </div>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

const isAbout = ({ target = "" }: AuditEntry, { id, name }: Cave): boolean =>
  target === name || target.split(/[\s/:]/).includes(id);

function itemOf({ seq, at, actor, action, outcome }: AuditEntry): Item {
  const failed = outcome === "ok" ? "" : outcome === "denied" ? " (refused)" : " (failed)";
  const [who = actor] = actor.split("/");
  return {
    key: `audit ${seq}`,
    at,
    icon: icons[action.split(".")[0]?.replace(/(?<=s)es$|s$/, "") ?? ""] ?? UserRound,
    who,
    text: `${did[action] ?? action}${failed}`,
    bad: outcome !== "ok",
  };
}
