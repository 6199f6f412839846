"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { lazy, Suspense, useEffect, type ReactNode } from "react";
import { useStore } from "../lib/store.ts";
import { startLive } from "../live/stream.ts";
import { openPalette, paletteOpen } from "../palette/store.ts";
import { SessionGate } from "../session/session-gate.tsx";
import { handleKey, openShortcuts, shortcutsOpen, useShortcuts } from "../shortcuts/shortcuts.ts";
import { ConnectionLine } from "./connection-line.tsx";
import { EngineLine } from "./engine-line.tsx";
import { places } from "./places.ts";
import { Rail } from "./rail.tsx";
import { TopBar } from "./top-bar.tsx";

const Palette = lazy(() => import("../palette/palette.tsx").then(({ Palette }) => ({ default: Palette })));
const ShortcutsDialog = lazy(() =>
  import("../shortcuts/shortcuts-dialog.tsx").then(({ ShortcutsDialog }) => ({ default: ShortcutsDialog })),
);

/** What is around every page of somebody who is signed in. */
export function Frame({ children }: { children: ReactNode }) {
  return (
    <SessionGate>
      <div className="flex h-dvh flex-col sm:flex-row">
        <Rail />
        <div className="flex min-h-0 min-w-0 grow flex-col">
          <TopBar />
          <ConnectionLine />
          <EngineLine />
          <main id="page" className="min-h-0 grow">
            {children}
          </main>
        </div>
        <Services />
      </div>
    </SessionGate>
  );
}

/** What a page has without asking: live state, keys, the palette. */
function Services() {
  const client = useQueryClient();
  const router = useRouter();
  const palette = useStore(paletteOpen);
  const shortcuts = useStore(shortcutsOpen);

  useEffect(() => {
    const stop = new AbortController();
    startLive(client, stop.signal);
    document.addEventListener("keydown", handleKey, { signal: stop.signal });
    return () => stop.abort();
  }, [client]);

  useShortcuts([
    { keys: "mod+k", does: "Search or run a command", group: "Everywhere", run: openPalette },
    { keys: "?", does: "These shortcuts", group: "Everywhere", run: openShortcuts },
    ...places.map(({ href, name, keys }) => ({
      keys,
      does: `Go to ${name}`,
      group: "Everywhere",
      run: () => router.push(href),
    })),
  ]);

  return (
    <Suspense>
      {palette && <Palette />}
      {shortcuts && <ShortcutsDialog />}
    </Suspense>
  );
}
