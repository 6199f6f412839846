"use client";
import { useEffect, useRef } from "react";
import { followFleet } from "../live/stream.ts";
import { toast } from "../ui/toast.tsx";
import type { Workbench } from "./workbench-context.ts";
import type { Cave } from "#contract/cave.ts";

/** A port that something begins to listen on announces itself, with the way to see it. */
export function useAnnouncements(cave: Cave, workbench: Workbench | undefined): void {
  const latest = useRef({ cave, workbench });
  const known = useRef(new Set(cave.ports.map(({ port }) => port)));
  useEffect(() => {
    latest.current = { cave, workbench };
  });
  useEffect(
    () =>
      followFleet((event) => {
        const { id } = latest.current.cave;
        if (event.type === "reset" || (event.type === "cave" && event.cave.id === id)) {
          if (event.type === "cave") known.current = new Set(event.cave.ports.map(({ port }) => port));
          return;
        }
        if (event.type !== "ports" || event.caveId !== id) return;
        const fresh = event.ports.filter(({ port }) => !known.current.has(port));
        known.current = new Set(event.ports.map(({ port }) => port));
        // Half a dozen at once are a program that does so, not news about each.
        for (const { port, process } of fresh.slice(0, 2)) announce(port, process);
      }),
    [],
  );

  function announce(port: number, process: string | undefined): void {
    toast({
      key: `port ${port}`,
      title: process === undefined ? `Port ${port} is listening` : `${process} listens on port ${port}`,
      action: { label: "Open preview", run: () => latest.current.workbench?.preview(port) },
    });
  }
}
