"use client";
import { useEffect, useRef } from "react";
import { followFleet } from "../live/stream.ts";
import { toast } from "../ui/toast.tsx";
import { DesktopNews } from "./desktop/desktop-news.ts";
import { PortNews } from "./ports/port-news.ts";
import type { Workbench } from "./workbench-context.ts";
import type { Cave } from "#contract/cave.ts";

/** A port that something begins to listen on, and a desktop on which something begins to happen, announce themselves with the way to see them. */
export function useAnnouncements(cave: Cave, workbench: Workbench | undefined): void {
  const latest = useRef({ cave, workbench });
  useEffect(() => {
    latest.current = { cave, workbench };
  });
  useEffect(() => {
    const ports = new PortNews(latest.current.cave);
    const desktop = new DesktopNews(latest.current.cave);
    return followFleet((event) => {
      const { workbench } = latest.current;
      // Half a dozen at once are a program that does so, not news about each.
      for (const { port, process } of ports.heed(event).slice(0, 2)) {
        if (workbench?.shows("preview", { port }) === true) continue;
        toast({
          key: `port ${port}`,
          title: process === undefined ? `Port ${port} is listening` : `${process} listens on port ${port}`,
          action: { label: "Open preview", run: () => latest.current.workbench?.preview(port) },
        });
      }
      const news = desktop.heed(event);
      if (news && workbench?.sees("desktop") !== true)
        toast({
          key: "desktop",
          ...news,
          action: { label: "Show desktop", run: () => latest.current.workbench?.open("desktop") },
        });
    });
  }, [cave.id]);
}
