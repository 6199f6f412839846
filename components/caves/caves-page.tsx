"use client";
import { useQuery } from "@tanstack/react-query";
import { Boxes } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { setParams, useParam } from "../lib/use-param.ts";
import { may, meQuery } from "../session/api.ts";
import { SkeletonRows } from "../ui/skeleton.tsx";
import { EmptyState, ErrorState } from "../ui/states.tsx";
import { cavesQuery } from "./api/list-caves.ts";
import { CavesView } from "./caves-view.tsx";

const CreateSheet = lazy(() =>
  import("../create/create-sheet.tsx").then((it) => ({ default: it.CreateSheet })),
);
const FirstCave = lazy(() => import("../create/first-cave.tsx").then((it) => ({ default: it.FirstCave })));

/** The list of caves, or what to do while there are none. `?new` opens the sheet that makes one. */
export function CavesPage() {
  return (
    <Suspense>
      <Caves />
    </Suspense>
  );
}

export const openNew = (): void => setParams({ new: "" }, "push");

function Caves() {
  const caves = useQuery(cavesQuery);
  const { data: me } = useQuery(meQuery);
  const [fresh] = useParam("new");
  const mayCreate = may(me, "caves:write");
  // Its cave is in the list long before the page it serves can be shown.
  const [making, setMaking] = useState(false);
  return (
    <>
      <h1 className="sr-only">Caves</h1>
      {caves.data === undefined ? (
        caves.error ? (
          <ErrorState error={caves.error} onRetry={() => void caves.refetch()} />
        ) : (
          <div className="px-4 pt-14">
            <SkeletonRows rows={6} label="Loading caves" />
          </div>
        )
      ) : caves.data.length > 0 && !making ? (
        <CavesView caves={caves.data} mayCreate={mayCreate} onNew={openNew} />
      ) : mayCreate ? (
        <Suspense>
          <FirstCave onNew={openNew} onMaking={setMaking} />
        </Suspense>
      ) : (
        <EmptyState icon={<Boxes aria-hidden />} title="No caves yet">
          You may look at caves, but not make them. Ask an admin for the right “caves:write”.
        </EmptyState>
      )}
      {fresh !== null && mayCreate && (
        <Suspense>
          <CreateSheet />
        </Suspense>
      )}
    </>
  );
}
