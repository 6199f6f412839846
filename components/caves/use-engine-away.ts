"use client";
import { useQuery } from "@tanstack/react-query";
import { backendsQuery } from "../system/api/backends.ts";

/** Whether a cave's engine does not answer. The frame asks; rows only look at what it was told. */
export function useEngineAway(backend: string): boolean {
  const { data = false } = useQuery({
    ...backendsQuery,
    enabled: false,
    select: (backends) => backends.some(({ name, reachable }) => name === backend && !reachable),
  });
  return data;
}
