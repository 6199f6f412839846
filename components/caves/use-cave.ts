"use client";
import { useQuery } from "@tanstack/react-query";
import { GhostError } from "../lib/api.ts";
import { cavesQuery } from "./api/list-caves.ts";
import type { Cave } from "#contract/cave.ts";

/** One cave of the live list, by name or id; the error when there is none, or when the list cannot be had. */
export function useCave(ref: string | undefined): {
  cave: Cave | undefined;
  error: Error | null;
  retry: () => void;
} {
  const { data, error, refetch } = useQuery(cavesQuery);
  const cave = data?.find(({ id, name }) => name === ref || id === ref);
  const missing = ref !== undefined && data !== undefined && cave === undefined;
  return {
    cave,
    error: missing ? notFound(ref) : data === undefined ? error : null,
    retry: () => void refetch(),
  };
}

const notFound = (ref: string) =>
  new GhostError("cave_not_found", `There is no cave ${ref}.`, {
    status: 404,
    hint: "It may have been deleted, or belong to somebody else.",
  });
