"use client";
import { Search } from "lucide-react";
import { useId, useState } from "react";
import { cx } from "../../lib/cx.ts";
import { Input } from "../../ui/input.tsx";
import type { Playground } from "../use-playground.ts";
import { poolSentence, poolWord } from "./pool-word.ts";
import type { LanguageStatus } from "#contract/run.ts";

interface Props {
  play: Playground;
  /** Something was chosen. */
  onDone?: () => void;
}

/** What can be run here, and programs to begin with. */
export function LanguageSidebar({ play, onDone }: Props) {
  const [text, setText] = useState("");
  const id = useId();
  const wanted = text.trim().toLowerCase();
  const found = play.list.languages.filter(({ name, title, aliases }) =>
    [name, title, ...aliases].some((one) => one.toLowerCase().includes(wanted)),
  );
  const choose = (name: string) => {
    play.choose(name);
    onDone?.();
  };
  return (
    <div className="flex h-full min-h-0 flex-col bg-surface">
      <div className="relative shrink-0 p-2">
        <Search className="absolute top-1/2 left-4.5 size-3.5 -translate-y-1/2 text-faint" aria-hidden />
        <Input
          type="search"
          aria-label="Find a language"
          placeholder="Find a language"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && found[0]) choose(found[0].name);
          }}
          className="h-7! pl-7 text-xs"
        />
      </div>
      <ul aria-label="Languages" className="min-h-0 shrink grow-0 basis-auto overflow-y-auto px-1.5 pb-2">
        {found.map((language) => (
          <LanguageRow
            key={language.name}
            language={language}
            current={language.name === play.language?.name}
            onChoose={() => choose(language.name)}
          />
        ))}
        {found.length === 0 && <li className="px-2 py-3 text-sm text-faint">No language of that name.</li>}
      </ul>
      <section
        aria-labelledby={id}
        className="min-h-40 grow basis-0 overflow-y-auto border-t border-line p-1.5"
      >
        <h2 id={id} className="px-2 pt-1 pb-1.5 text-xs font-medium text-dim">
          Examples in {play.language?.title}
        </h2>
        <ul>
          {play.examples.map((example) => (
            <li key={example.title}>
              <button
                type="button"
                onClick={() => {
                  play.openExample(example);
                  onDone?.();
                }}
                className="block w-full rounded-md px-2 py-1 text-left hover:bg-hover pointer-coarse:min-h-11"
              >
                <span className="block truncate text-sm">{example.title}</span>
                <span className="block truncate text-xs text-faint">{example.shows}</span>
              </button>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

interface RowProps {
  language: LanguageStatus;
  current: boolean;
  onChoose: () => void;
}

function LanguageRow({ language, current, onChoose }: RowProps) {
  const warm = language.ready && language.pool.available > 0;
  return (
    <li>
      <button
        type="button"
        aria-current={current || undefined}
        title={poolSentence(language).replaceAll("`", "")}
        onClick={onChoose}
        className={cx(
          "flex h-8 w-full items-center gap-1.5 rounded-md px-2 text-left hover:bg-hover pointer-coarse:h-11",
          current && "bg-active!",
        )}
      >
        <span className={cx("text-sm", current && "font-medium", !language.ready && "text-faint")}>
          {language.title}
        </span>
        <span className="min-w-0 grow truncate font-mono text-[11px] text-faint">{language.version}</span>
        <span className={cx("shrink-0 text-[11px]", warm ? "text-ok" : "text-faint")}>
          {poolWord(language)}
        </span>
      </button>
    </li>
  );
}
