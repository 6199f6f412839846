"use client";
import { useState } from "react";
import { arrowKeys } from "../lib/arrow-keys.ts";
import { cx } from "../lib/cx.ts";
import { useCommands } from "../palette/store.ts";
import { useShortcuts } from "../shortcuts/shortcuts.ts";
import { ProgramPane } from "./editor/program-pane.tsx";
import { History } from "./history/history.tsx";
import { LanguageSidebar } from "./languages/language-sidebar.tsx";
import { OutputPane } from "./output/output-pane.tsx";
import { RunButtons } from "./run-buttons.tsx";
import { usePlayground } from "./use-playground.ts";
import type { LanguageList } from "#contract/run.ts";

const tabs = [
  { name: "program", title: "Program" },
  { name: "output", title: "Output" },
  { name: "history", title: "History" },
] as const;
type Tab = (typeof tabs)[number]["name"];

/** Languages, a program, what it writes, and what ran before. Where there is room for one of them, one at a time. */
export function Playground({ list }: { list: LanguageList }) {
  const [tab, setTab] = useState<Tab>("program");
  const play = usePlayground(list, setTab);
  const group = "Runs";
  useShortcuts([
    { keys: "mod+enter", does: "Run the program", group, run: play.run },
    { keys: "mod+.", does: "Stop the run", group, run: play.stop },
    { keys: "n", does: "New program", group, run: play.fresh },
  ]);
  useCommands([
    { id: "run program", name: "Run the program", group, keys: "mod+enter", run: play.run },
    { id: "stop run", name: "Stop the run", group, keys: "mod+.", run: play.stop },
    { id: "new program", name: "New program", group, keys: "n", run: play.fresh },
    ...play.examples.map((example) => ({
      id: `example ${example.title}`,
      name: `Open example: ${example.title}`,
      group,
      words: example.shows,
      note: play.language?.title ?? "",
      run: () => play.openExample(example),
    })),
    ...list.languages.map(({ name, title, aliases }) => ({
      id: `language ${name}`,
      name: `Write ${title}`,
      group,
      words: aliases.join(" "),
      whenAsked: true,
      run: () => play.choose(name),
    })),
  ]);
  const only = (name: Tab) => cx("min-h-0 min-w-0", tab !== name && "max-md:hidden");
  return (
    <div className="flex h-full flex-col">
      <div className="flex shrink-0 items-center gap-2 border-b border-line bg-surface pr-2 md:hidden">
        <div
          role="tablist"
          aria-label="Parts of the page"
          onKeyDown={arrowKeys("tab")}
          className="flex min-w-0 grow px-1"
        >
          {tabs.map(({ name, title }) => (
            <button
              key={name}
              type="button"
              role="tab"
              id={`runs-tab-${name}`}
              aria-selected={tab === name}
              tabIndex={tab === name ? 0 : -1}
              aria-controls={`runs-${name}`}
              onClick={() => setTab(name)}
              className="h-11 grow border-b-2 border-transparent text-sm text-dim aria-selected:border-accent aria-selected:text-ink"
            >
              {title}
            </button>
          ))}
        </div>
        <RunButtons play={play} />
      </div>
      <div className="grid min-h-0 grow grid-cols-[minmax(0,1fr)] grid-rows-[minmax(0,1fr)] md:grid-cols-[minmax(0,1.25fr)_minmax(0,1fr)] md:grid-rows-[minmax(0,1fr)_auto] lg:grid-cols-[13.5rem_minmax(0,1.25fr)_minmax(0,1fr)]">
        <div className="row-span-2 min-h-0 border-r border-line max-lg:hidden">
          <LanguageSidebar play={play} />
        </div>
        <div id="runs-program" className={only("program")}>
          <ProgramPane play={play} />
        </div>
        <div id="runs-output" className={cx(only("output"), "border-line md:border-l")}>
          <OutputPane play={play} />
        </div>
        <div id="runs-history" className={cx(only("history"), "border-line md:col-span-2 md:border-t")}>
          <History play={play} />
        </div>
      </div>
    </div>
  );
}
