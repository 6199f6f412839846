"use client";
import { useQuery } from "@tanstack/react-query";
import { Unplug } from "lucide-react";
import Link from "next/link";
import { may, meQuery } from "../session/api.ts";
import { watchedBackends } from "../system/api/backends.ts";
import { Button } from "../ui/button.tsx";

/** Tells that an engine does not answer, and what that means for caves; goes away by itself. */
export function EngineLine() {
  const { data: me } = useQuery(meQuery);
  const { data: backends = [] } = useQuery({ ...watchedBackends, enabled: may(me, "caves:read") });
  const away = backends.filter(({ reachable }) => !reachable);
  return (
    <div role="status" className="shrink-0">
      {away.map(({ name, reason }) => (
        <div
          key={name}
          className="flex min-h-8 animate-fade flex-wrap items-center gap-x-3 gap-y-1 border-b border-danger/30 bg-danger/10 px-4 py-1 text-sm"
        >
          <Unplug className="size-3.5 shrink-0 text-danger" aria-hidden />
          <span className="font-medium">{reason ?? `The engine ${name} does not answer.`}</span>
          <span className="text-dim">
            Its caves cannot be used until it does, and their states here may be old. Start it again, or see
            what <code className="text-xs text-ink">ghost doctor</code> says.
          </span>
          <Button asChild size="sm" className="ml-auto">
            <Link href="/system">System</Link>
          </Button>
        </div>
      ))}
    </div>
  );
}
