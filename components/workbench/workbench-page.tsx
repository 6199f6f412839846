"use client";
import { useEffect } from "react";
import { useCaveName } from "../caves/use-cave-name.ts";
import { useCave } from "../caves/use-cave.ts";
import { StateDot, stateWords } from "../ui/state-dot.tsx";
import { ErrorState } from "../ui/states.tsx";

/** One cave. */
export function WorkbenchPage() {
  const name = useCaveName();
  const { cave, error, retry } = useCave(name);
  useEffect(() => {
    if (cave) document.title = `${cave.name} · Ghost`;
  }, [cave]);
  if (error) return <ErrorState error={error} onRetry={retry} />;
  if (cave === undefined) return null;
  return (
    <h1>
      <StateDot state={cave.state} /> {cave.name} {stateWords[cave.state]}
    </h1>
  );
}
