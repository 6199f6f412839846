"use client";
import { useQuery } from "@tanstack/react-query";
import { Ghost } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { cavesQuery } from "../caves/api/list-caves.ts";
import { NoCave } from "../caves/no-cave.tsx";
import { useCaveName } from "../caves/use-cave-name.ts";
import { useCave } from "../caves/use-cave.ts";
import { isCode } from "../lib/api.ts";
import { Button } from "../ui/button.tsx";
import { EmptyState, ErrorState } from "../ui/states.tsx";
import { useActivityKept } from "./activity/activity-log.ts";
import type { DockHandle } from "./dock/dock.tsx";
import { forgetLayouts } from "./dock/stored-layout.ts";
import { LackingLine } from "./lacking.tsx";
import { useHistoryKept } from "./metrics/history.ts";
import { NotRunning } from "./not-running.tsx";
import { StateLine } from "./state-line.tsx";
import { useAnnouncements } from "./use-announcements.ts";
import { useAskedPanel } from "./use-asked-panel.ts";
import { useWide } from "./use-wide.ts";
import type { Cave } from "#contract/cave.ts";

const Dock = lazy(() => import("./dock/dock.tsx").then(({ Dock }) => ({ default: Dock })));
const OnePanel = lazy(() => import("./phone/one-panel.tsx").then(({ OnePanel }) => ({ default: OnePanel })));

/** One cave, to work in. */
export function WorkbenchPage() {
  const name = useCaveName();
  // A cave that is renamed stays the same; one that is deleted was there.
  const known = useRef<{ name: string; cave: Cave }>(undefined);
  const before = known.current?.name === name ? known.current?.cave : undefined;
  const { cave, error, retry } = useCave(before?.id ?? name);
  const router = useRouter();
  useEffect(() => {
    if (!cave || name === undefined) return;
    known.current = { name, cave };
    document.title = `${cave.name} · Ghost`;
    if (cave.name !== name && cave.id !== name) {
      known.current = { name: cave.name, cave };
      router.replace(`/caves/${cave.name}`);
    }
  }, [cave, name, router]);

  const ids = useQuery(cavesQuery)
    .data?.map(({ id }) => id)
    .join(" ");
  useEffect(() => {
    if (ids !== undefined) forgetLayouts(new Set(ids.split(" ")));
  }, [ids]);

  if (error && isCode(error, "cave_not_found"))
    return before ? <Deleted name={before.name} /> : <NoCave name={name ?? ""} />;
  if (error) return <ErrorState error={error} onRetry={retry} />;
  if (cave === undefined) return null;
  return <Workbench key={cave.id} cave={cave} />;
}

function Workbench({ cave }: { cave: Cave }) {
  const [dock, setDock] = useState<DockHandle>();
  const wide = useWide();
  useAnnouncements(cave, dock);
  useAskedPanel(dock);
  useActivityKept(cave);
  useHistoryKept(cave.id);
  const running = cave.state === "running";
  return (
    <div className="flex h-full flex-col">
      <StateLine cave={cave} dock={running ? dock : undefined} />
      {running && <LackingLine cave={cave} />}
      <div className="min-h-0 grow">
        {running ? (
          <Suspense>
            {wide ? (
              <Dock cave={cave} onHandle={setDock} preset="basics" />
            ) : (
              <OnePanel cave={cave} onHandle={setDock} />
            )}
          </Suspense>
        ) : (
          <NotRunning cave={cave} />
        )}
      </div>
    </div>
  );
}

function Deleted({ name }: { name: string }) {
  return (
    <div role="status" className="grid h-full place-items-center">
      <EmptyState
        icon={<Ghost aria-hidden />}
        title={`${name} was deleted`}
        actions={
          <Button asChild>
            <Link href="/">All caves</Link>
          </Button>
        }
      >
        Somebody deleted this cave while its page was open.
      </EmptyState>
    </div>
  );
}
