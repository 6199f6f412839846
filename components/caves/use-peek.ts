"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import type { Cave } from "#contract/cave.ts";

/** Resting on a row asks for its desktop, passing over it does not. */
const restMs = 600;
/** The way from the row to the picture, which may be looked at closely. */
const leaveMs = 200;

export const hasDesktop = ({ state, services }: Cave): boolean =>
  state === "running" && "desktop" in services;

/** Whose desktop is shown: of the current row after `V`, or else of the row under the pointer. */
export function usePeek(current: Cave | undefined, caves: readonly Cave[]) {
  const [rested, setRested] = useState<string>();
  const [byKey, setByKey] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const hover = useCallback((cave: Cave | undefined) => {
    clearTimeout(timer.current);
    const next = cave?.services["desktop"]?.state === "ready" && hasDesktop(cave) ? cave.id : undefined;
    timer.current = setTimeout(() => setRested(next), next === undefined ? leaveMs : restMs);
  }, []);
  const look = useCallback(() => setByKey(true), []);
  const close = useCallback(() => {
    clearTimeout(timer.current);
    setRested(undefined);
    setByKey(false);
  }, []);
  const cave = byKey ? current : caves.find(({ id }) => id === rested);
  return { cave, byKey, hover, look, close };
}
