"use client";
import * as Radix from "@radix-ui/react-dialog";
import { useQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEffect, useId, useMemo, useRef, useState } from "react";
import { cavesQuery } from "../caves/api/list-caves.ts";
import { places } from "../frame/places.ts";
import { cx } from "../lib/cx.ts";
import { useStore } from "../lib/store.ts";
import { may, meQuery } from "../session/api.ts";
import { setTheme, themes } from "../theme/theme.ts";
import { Keys } from "../ui/kbd.tsx";
import { StateDot, stateWords } from "../ui/state-dot.tsx";
import { rank } from "./rank.ts";
import { commands, paletteOpen, type Command } from "./store.ts";

const most = 40;

/** Every page, cave and action, by a few letters of its name. */
export function Palette() {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const all = useAllCommands();
  const found = useMemo(() => rank(all, text).slice(0, most), [all, text]);
  const current = Math.min(at, found.length - 1);

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [current, found]);

  function run(command: Command | undefined) {
    if (command === undefined) return;
    paletteOpen.set(false);
    // After the dialog has given the focus back: what runs may want it.
    setTimeout(command.run);
  }

  return (
    <Radix.Root open onOpenChange={paletteOpen.set}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-fade bg-shade" />
        <Radix.Content
          aria-describedby={undefined}
          className="fixed top-[12vh] left-1/2 z-40 flex max-h-[70vh] w-[min(36rem,calc(100vw-1.5rem))] -translate-x-1/2 animate-rise flex-col overflow-hidden rounded-lg border border-line-strong bg-raised shadow-float outline-none"
        >
          <Radix.Title className="sr-only">Search or run a command</Radix.Title>
          <div className="flex items-center gap-2.5 border-b border-line-strong px-4">
            <Search className="size-4 text-faint" aria-hidden />
            <input
              role="combobox"
              aria-expanded
              aria-controls={id}
              aria-label="Search or run a command"
              aria-activedescendant={found[current] && `${id}-${current}`}
              autoComplete="off"
              spellCheck={false}
              placeholder="A page, a cave, or what you want to do"
              className="h-12 grow bg-transparent text-base outline-none"
              value={text}
              onChange={(event) => {
                setText(event.target.value);
                setAt(0);
              }}
              onKeyDown={(event) => {
                const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
                if (step !== undefined && found.length > 0) {
                  event.preventDefault();
                  setAt((current + step + found.length) % found.length);
                } else if (event.key === "Enter") {
                  event.preventDefault();
                  run(found[current]);
                }
              }}
            />
          </div>
          <div
            ref={list}
            id={id}
            role="listbox"
            aria-label="Results"
            className="min-h-0 overflow-y-auto p-1.5"
          >
            {found.map((command, index) => (
              <div key={command.id}>
                {text === "" && command.group !== found[index - 1]?.group && (
                  <div aria-hidden className="px-2.5 pt-2 pb-1 text-xs text-faint">
                    {command.group}
                  </div>
                )}
                <div
                  id={`${id}-${index}`}
                  role="option"
                  aria-selected={index === current}
                  onPointerMove={() => setAt(index)}
                  onClick={() => run(command)}
                  className={cx(
                    "flex min-h-9 items-center gap-2.5 rounded-md px-2.5 text-sm [&_svg]:size-4 [&_svg]:text-faint pointer-coarse:min-h-11",
                    index === current && "bg-active",
                  )}
                >
                  <span className="grid w-4 place-items-center">{command.icon}</span>
                  <span className="grow truncate">{command.name}</span>
                  {command.keys !== undefined && <Keys keys={command.keys} />}
                  {(command.note ?? (text === "" ? undefined : command.group)) !== undefined && (
                    <span className="text-xs text-faint">{command.note ?? command.group}</span>
                  )}
                </div>
              </div>
            ))}
          </div>
          {found.length === 0 && (
            <p role="status" className="px-4 py-8 text-center text-sm text-dim">
              Nothing is called “{text}”.
            </p>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function useAllCommands(): readonly Command[] {
  const router = useRouter();
  const { data: caves } = useQuery(cavesQuery);
  const { data: me } = useQuery(meQuery);
  const own = useStore(commands);
  return useMemo(
    () => [
      ...own,
      ...(caves ?? []).map((cave) => ({
        id: cave.id,
        name: cave.name,
        group: "Caves",
        note: stateWords[cave.state],
        icon: <StateDot state={cave.state} />,
        words: `cave ${cave.image} ${cave.state}`,
        run: () => router.push(`/caves/${cave.name}`),
      })),
      ...places
        .filter(({ scope }) => scope === undefined || may(me, scope))
        .map(({ href, name, icon: Icon, keys }) => ({
          id: `place ${href}`,
          name,
          group: "Pages",
          icon: <Icon aria-hidden />,
          keys,
          words: "go to page",
          run: () => router.push(href),
        })),
      { id: "docs", name: "API", group: "Pages", words: "docs openapi", run: () => location.assign("/docs") },
      ...themes.map(({ value, label }) => ({
        id: `theme ${value}`,
        name: `Theme: ${label}`,
        group: "Appearance",
        run: () => setTheme(value),
      })),
    ],
    [own, caves, me, router],
  );
}
