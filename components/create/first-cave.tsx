"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { GhostMark } from "../frame/ghost-mark.tsx";
import { useCommands } from "../palette/store.ts";
import { useShortcuts } from "../shortcuts/shortcuts.ts";
import { Button } from "../ui/button.tsx";
import { EmptyState, ErrorNote } from "../ui/states.tsx";
import { useCreateCave } from "./api/create-cave.ts";
import { startSample } from "./api/start-sample.ts";
import { CreateProgress } from "./progress.tsx";

/** Nobody has a cave yet: one press makes one that serves a page, and shows it. */
export function FirstCave({ onNew }: { onNew: () => void }) {
  const router = useRouter();
  const client = useQueryClient();
  const { creation, start, reset } = useCreateCave();
  const [error, setError] = useState<unknown>();
  useShortcuts([{ keys: "n", does: "New cave", group: "Caves", run: onNew }]);
  useCommands([{ id: "new", name: "New cave", group: "Actions", keys: "n", run: onNew }]);

  async function sample() {
    setError(undefined);
    const cave = await start({
      name: "sample",
      limits: { cpus: 1, memoryMb: 1024 },
      idleTimeoutMs: 3_600_000,
    });
    if (cave === undefined) return;
    try {
      const port = await startSample(client, cave);
      router.push(`/caves/${cave.name}?open=${port}`);
    } catch (failure) {
      setError(failure);
    }
  }

  if (creation.status === "going" || creation.status === "failed" || error !== undefined)
    return (
      <div className="mx-auto grid max-w-md gap-4 px-6 py-16">
        <h2 className="text-lg font-semibold">Making a sample cave</h2>
        <CreateProgress creation={creation} />
        {error !== undefined && <ErrorNote error={error} />}
        {(creation.status === "failed" || error !== undefined) && (
          <div className="flex gap-2">
            <Button kind="primary" onClick={() => void sample()}>
              Try again
            </Button>
            <Button onClick={reset}>Back</Button>
          </div>
        )}
      </div>
    );
  return (
    <EmptyState
      icon={<GhostMark className="size-9! text-accent" />}
      title="No caves yet"
      actions={
        <>
          <Button kind="primary" size="lg" onClick={() => void sample()} busy={creation.status === "done"}>
            Make a sample cave
          </Button>
          <Button size="lg" onClick={onNew}>
            New cave …
          </Button>
        </>
      }
    >
      A cave is a machine of its own: a terminal, VS Code, a desktop with a browser, and an address for every
      port an app opens. The sample serves a small page and shows it to you.
    </EmptyState>
  );
}
