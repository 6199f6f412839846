"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { Page } from "../ui/page.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";
import { StateDot } from "../ui/state-dot.tsx";
import { ErrorState } from "../ui/states.tsx";
import { cavesQuery } from "./api/list-caves.ts";

export function CavesPage() {
  const caves = useQuery(cavesQuery);
  return (
    <Page title="Caves" wide>
      {caves.isPending && <SkeletonRows label="Loading caves" />}
      {caves.error !== null && <ErrorState error={caves.error} onRetry={() => void caves.refetch()} />}
      <ul>
        {caves.data?.map((cave) => (
          <li key={cave.id} className="flex h-10 items-center gap-3 border-b border-line">
            <StateDot state={cave.state} label />
            <Link href={`/caves/${cave.name}`} prefetch={false}>
              {cave.name}
            </Link>
          </li>
        ))}
      </ul>
    </Page>
  );
}
