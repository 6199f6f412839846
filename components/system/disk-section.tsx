"use client";
import { useQuery } from "@tanstack/react-query";
import { RefreshCw, TriangleAlert } from "lucide-react";
import { bytes, percent } from "../lib/units.ts";
import { Button } from "../ui/button.tsx";
import { Card, Fact, Section } from "../ui/page.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { ErrorNote } from "../ui/states.tsx";
import { diskQuery } from "./api/disk.ts";
import type { DiskUse } from "#contract/system.ts";

/** Engines refuse to make caves when their disk is full: what takes the room, and how much is left. */
export function DiskSection() {
  const { data, error, isFetching, refetch } = useQuery(diskQuery);
  return (
    <Section
      title="Disk"
      lead="What each engine keeps, and what is free where it keeps it."
      actions={
        <Button busy={isFetching && data !== undefined} onClick={() => void refetch()}>
          <RefreshCw aria-hidden /> Count again
        </Button>
      }
    >
      {error && <ErrorNote error={error} />}
      {data === undefined && !error && <Skeleton className="h-20 rounded-lg" />}
      <div className="grid gap-3">
        {[...(data ?? [])].map(([name, disk]) => (
          <Card key={name} className="px-4 py-3.5">
            {disk === undefined ? (
              <p className="text-dim">{name} does not say what it keeps.</p>
            ) : (
              <Use name={name} disk={disk} />
            )}
          </Card>
        ))}
      </div>
    </Section>
  );
}

const lowShare = 0.1;

function Use({
  name,
  disk: { imagesBytes, volumesBytes, containersBytes, cacheBytes, freeBytes, totalBytes },
}: {
  name: string;
  disk: DiskUse;
}) {
  const share = freeBytes !== undefined && totalBytes ? freeBytes / totalBytes : undefined;
  return (
    <>
      <h3 className="sr-only">{name}</h3>
      <dl className="grid grid-cols-2 gap-4 sm:grid-cols-5">
        <Fact name="Images" value={bytes(imagesBytes)} />
        <Fact name="Workspaces and homes" value={bytes(volumesBytes)} />
        <Fact name="Caves beside them" value={bytes(containersBytes)} />
        <Fact name="Build cache" value={bytes(cacheBytes)} />
        <Fact
          name="Free"
          value={
            freeBytes === undefined
              ? "not known"
              : `${bytes(freeBytes)}${share === undefined ? "" : ` (${percent(share * 100)})`}`
          }
        />
      </dl>
      {share !== undefined && share < lowShare && (
        <p role="alert" className="mt-3 flex gap-2 text-warn">
          <TriangleAlert className="mt-0.5 size-3.5 shrink-0" aria-hidden />
          Little is left. Delete caves that nobody needs, or remove images and build cache on the engine, with{" "}
          docker image prune and docker builder prune.
        </p>
      )}
    </>
  );
}
