"use client";
import { useQuery } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { lazy, Suspense } from "react";
import { isCode } from "../lib/api.ts";
import { may, meQuery } from "../session/api.ts";
import { SkeletonRows } from "../ui/skeleton.tsx";
import { EmptyState, ErrorState } from "../ui/states.tsx";
import { languagesQuery } from "./api/languages.ts";

const Playground = lazy(() => import("./playground.tsx").then(({ Playground }) => ({ default: Playground })));

/** Code, run once in a container that nobody else ever used. */
export function RunsPage() {
  const { data: me } = useQuery(meQuery);
  const allowed = me === undefined || may(me, "runs");
  const { data, error, refetch } = useQuery({ ...languagesQuery, enabled: me !== undefined && allowed });
  return (
    <div className="h-full">
      <h1 className="sr-only">Runs</h1>
      {!allowed || isCode(error, "forbidden") ? (
        <EmptyState icon={<KeyRound aria-hidden />} title="You may not run code here">
          Your access lacks the right <code>runs</code>. Whoever looks after this Ghost can give it to you.
        </EmptyState>
      ) : data !== undefined ? (
        <Suspense fallback={<Loading />}>
          <Playground list={data} />
        </Suspense>
      ) : error !== null ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <Loading />
      )}
    </div>
  );
}

const Loading = () => (
  <div className="p-4">
    <SkeletonRows label="Loading languages" />
  </div>
);
