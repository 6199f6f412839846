"use client";
import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { cavesKey } from "../caves/api/list-caves.ts";
import { GhostMark } from "../frame/ghost-mark.tsx";
import { isCode } from "../lib/api.ts";
import { useCommands } from "../palette/store.ts";
import { useShortcuts } from "../shortcuts/shortcuts.ts";
import { Button } from "../ui/button.tsx";
import { EmptyState, ErrorNote } from "../ui/states.tsx";
import { useCreateCave, type Creation, type StageState } from "./api/create-cave.ts";
import { removeMade } from "./api/remove-made.ts";
import { startSample } from "./api/start-sample.ts";
import { CreateProgress } from "./progress.tsx";
import type { Cave, CreateCaveInput } from "#contract/cave.ts";

interface Props {
  onNew: () => void;
  /** From the press until the sample is shown, or given up: the list must not take this page's place meanwhile. */
  onMaking: (making: boolean) => void;
}

const waiting: StageState = { status: "waiting" };

/** Nobody has a cave yet: one press makes one that serves a page, and shows it. */
export function FirstCave({ onNew, onMaking }: Props) {
  const router = useRouter();
  const client = useQueryClient();
  const { creation, start, reset } = useCreateCave();
  const [app, setApp] = useState<{ state: StageState; error?: unknown }>({ state: waiting });
  const stop = useRef<AbortController>(undefined);
  /** The name that was asked for: what is being made is deleted by it. */
  const [asked, setAsked] = useState<string>();
  useEffect(() => () => stop.current?.abort(), []);
  useShortcuts([{ keys: "n", does: "New cave", group: "Caves", run: onNew }]);
  useCommands([{ id: "new", name: "New cave", group: "Actions", keys: "n", run: onNew }]);

  async function sample() {
    onMaking(true);
    stop.current = new AbortController();
    const { signal } = stop.current;
    setApp({ state: waiting });
    const startedAt = creation.cave ? creation.startedAt : Date.now();
    // What was made before something else failed is used again.
    const input = sampleCave(client, creation);
    if (creation.cave === undefined) setAsked(input.name);
    const cave = creation.cave ?? (await start(input));
    if (cave === undefined) return;
    setApp({ state: { status: "going", fromMs: Date.now() - startedAt } });
    try {
      const port = await startSample(client, cave, signal);
      router.push(`/caves/${cave.name}?open=preview:${port}`);
    } catch (error) {
      if (!signal.aborted) setApp({ state: { status: "failed" }, error });
    }
  }
  function back() {
    stop.current?.abort();
    reset();
    onMaking(false);
  }

  function cancel(name: string) {
    back();
    void removeMade(client, name);
  }

  const made = creation.cave?.name ?? creation.id ?? asked;
  const failed = creation.status === "failed" || app.error !== undefined;
  if (creation.status !== "idle")
    return (
      <div className="mx-auto grid max-w-md gap-4 px-6 py-16">
        <h2 className="text-lg font-semibold">Making a sample cave</h2>
        <CreateProgress creation={creation} after={{ name: "Serve a page", state: app.state }} />
        {app.error !== undefined && <ErrorNote error={app.error} />}
        <div className="flex gap-2">
          {failed ? (
            <>
              <Button kind="primary" onClick={() => void sample()}>
                Try again
              </Button>
              <Button onClick={back}>Back</Button>
            </>
          ) : (
            made !== undefined && <Button onClick={() => cancel(made)}>Cancel and delete it</Button>
          )}
        </div>
      </div>
    );
  return (
    <EmptyState
      icon={<GhostMark className="size-9! text-accent" />}
      title="No caves yet"
      actions={
        <>
          <Button kind="primary" size="lg" onClick={() => void sample()}>
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

/** A first try that failed half-way, or somebody else, may have the name: then it gets one of its own. */
function sampleCave(client: QueryClient, { error, id: left }: Creation): CreateCaveInput {
  const there =
    client
      .getQueryData<readonly Cave[]>(cavesKey)
      ?.some(({ id, name }) => name === "sample" && id !== left) === true;
  return {
    ...(!there && !isCode(error, "cave_name_taken") && { name: "sample" }),
    limits: { cpus: 1, memoryMb: 1024 },
    idleTimeoutMs: 3_600_000,
  };
}
