"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { api } from "../lib/api.ts";
import { useStore } from "../lib/store.ts";
import { setParams } from "../lib/use-param.ts";
import { toast, toastError } from "../ui/toast.tsx";
import { historyKey } from "./api/history.ts";
import { languagesQuery } from "./api/languages.ts";
import type { Example } from "./examples/example.ts";
import { emptyProgram, inputOf, programOf, type Program } from "./program/program.ts";
import { hasProgram, programOfFragment } from "./program/share-link.ts";
import {
  chooseLanguage,
  currentOf,
  keepWorkspace,
  loadWorkspace,
  openProgram,
  programNow,
  showRun,
  workspace,
} from "./program/workspace.ts";
import { clearSession, isGoing, openRun, session, startRun, stopRun } from "./session/session.ts";
import { tell } from "./tell.ts";
import type { LanguageList, LanguageStatus } from "#contract/run.ts";

export interface Playground {
  readonly list: LanguageList;
  readonly language: LanguageStatus | undefined;
  readonly program: Program;
  readonly examples: readonly Example[];
  readonly going: boolean;
  readonly run: () => void;
  readonly stop: () => void;
  /** Another language, with the program it had here before, or its first example. */
  readonly choose: (language: string) => void;
  readonly openExample: (example: Example) => void;
  readonly fresh: () => void;
  /** A run of the history: what was asked, what came of it. */
  readonly open: (id: string, again?: boolean) => Promise<void>;
}

/** What the page can do, for its parts, the palette and the keys. */
export function usePlayground(list: LanguageList, onShow: (tab: "program" | "output") => void): Playground {
  const client = useQueryClient();
  // Before anything is shown or pressed.
  useState(loadWorkspace);
  const now = useStore(workspace);
  const going = isGoing(useStore(session));
  const { data: examples = {}, isPending } = useQuery({
    queryKey: ["run examples"],
    queryFn: async () => (await import("./examples/examples.ts")).examples,
    staleTime: Infinity,
  });
  const [ready, setReady] = useState(false);
  const language = list.languages.find(({ name }) => name === now.language);

  const refresh = () => {
    void client.invalidateQueries({ queryKey: historyKey });
    void client.invalidateQueries(languagesQuery);
  };
  const first = (name: string): Program => {
    const example = examples[name]?.[0];
    return example
      ? programOfExample(name, example)
      : { ...emptyProgram(name), code: list.languages.find((one) => one.name === name)?.example ?? "" };
  };

  /** What is opened last is what is shown, whichever answer comes last. */
  const opening = useRef<AbortController>(undefined);
  useEffect(() => () => opening.current?.abort(), []);
  function next(): AbortSignal {
    opening.current?.abort();
    opening.current = new AbortController();
    return opening.current.signal;
  }

  async function open(id: string, again = false): Promise<void> {
    const signal = next();
    try {
      const { run, input } = await api.runs.source({ params: { id } }, { signal });
      if (input)
        openProgram(
          programOf(input, run.language),
          `The program of a run in ${titleOf(list, run.language)}.`,
        );
      else toast({ title: "What this run was given was too large to keep: only its output is here." });
      if (again) {
        if (input) play.run();
        return;
      }
      showRun(id);
      onShow("output");
      await openRun(id);
      refresh();
    } catch (error) {
      if (!signal.aborted) tell(error, "The run was not opened");
    }
  }

  const play: Playground = {
    list,
    language,
    program: currentOf(now),
    examples: examples[now.language] ?? [],
    going,
    run() {
      if (isGoing(session.get())) return;
      next();
      onShow("output");
      try {
        const input = inputOf(programNow());
        void startRun(input, (id) => {
          showRun(id);
          refresh();
        }).then(refresh);
      } catch (error) {
        toastError(error, "It was not sent");
      }
    },
    stop() {
      stopRun().catch((error: unknown) => tell(error, "It was not stopped"));
    },
    choose(name) {
      next();
      chooseLanguage(name, () => first(name));
    },
    openExample(example) {
      next();
      openProgram(programOfExample(now.language, example), `The example “${example.title}”.`);
      onShow("program");
    },
    fresh() {
      next();
      openProgram(emptyProgram(now.language), "A new program.");
      onShow("program");
    },
    open,
  };

  // What was here, what a link brings, or else a first example: once, when the examples are there or cannot be had.
  useEffect(() => {
    if (isPending) return;
    const stop = new AbortController();
    if (!ready) {
      setReady(true);
      const { language: kept, runId } = workspace.get();
      const names = list.languages.map(({ name }) => name);
      const usual = list.languages.find(({ ready }) => ready)?.name ?? names[0];
      if (usual !== undefined && !names.includes(kept)) chooseLanguage(usual, () => first(usual));
      void takeLink(open).then((taken) => {
        if (!taken && runId !== undefined && !isGoing(session.get()))
          void openRun(runId).then(() => {
            forgetMissing();
            refresh();
          });
      });
    }
    keepWorkspace(stop.signal);
    return () => stop.abort();
  }, [isPending]);
  // A link that is opened while the page is there already.
  const take = useEffectEvent(() => void takeLink(open));
  useEffect(() => {
    const listen = () => take();
    addEventListener("hashchange", listen);
    return () => removeEventListener("hashchange", listen);
  }, []);

  return play;
}

/** The run that was shown last may be forgotten by now: then nothing is shown. */
function forgetMissing(): void {
  if (session.get().state === "failed") clearSession();
}

/** Opens what the address names, and takes it out of the address: loading the page again keeps what was changed since. */
async function takeLink(open: (id: string) => Promise<void>): Promise<boolean> {
  const { hash, pathname, search } = location;
  const id = new URLSearchParams(search).get("run");
  if (hasProgram(hash)) {
    history.replaceState(null, "", pathname + search);
    try {
      const program = await programOfFragment(hash);
      const wanted = program.network
        ? " It asks for the network: switch that on yourself if you trust it."
        : "";
      openProgram(
        { ...program, network: false },
        `A program from a link. Read it before you run it.${wanted}`,
        true,
      );
    } catch (error) {
      toast({ tone: "danger", title: "The link was not opened", detail: (error as Error).message });
    }
    return true;
  }
  if (id === null) return false;
  setParams({ run: null });
  await open(id);
  return true;
}

const titleOf = (list: LanguageList, name: string) =>
  list.languages.find((one) => one.name === name)?.title ?? name;

function programOfExample(language: string, example: Example): Program {
  const { title: _, shows: _shows, ends: _ends, writes: _writes, ...program } = example;
  return { ...emptyProgram(language), ...program };
}
