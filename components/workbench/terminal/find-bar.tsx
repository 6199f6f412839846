"use client";
import { ArrowDown, ArrowUp, CaseSensitive, Regex, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { findColours } from "../../../viewers/terminal/themes.ts";
import type { TerminalView } from "../../../viewers/terminal/view.ts";
import { IconButton } from "../../ui/button.tsx";

/** Finds text in what the terminal shows and has shown. */
export function FindBar({ view, onClose }: { view: TerminalView; onClose: () => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(() => {
    const selected = view.terminal.getSelection();
    return selected.includes("\n") ? "" : selected;
  });
  const [exact, setExact] = useState(false);
  const [regex, setRegex] = useState(false);
  const [count, setCount] = useState("");
  const [wrong, setWrong] = useState(false);

  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);
  useEffect(() => {
    const following = view.search.onDidChangeResults(({ resultIndex, resultCount }) =>
      setCount(
        resultCount === 0
          ? "none"
          : `${resultIndex < 0 ? "" : `${resultIndex + 1} of `}${resultCount}${resultCount >= 1000 ? "+" : ""}`,
      ),
    );
    return () => following.dispose();
  }, [view]);

  function find(incremental: boolean, back = false): void {
    try {
      view.find(text, {
        incremental,
        back,
        caseSensitive: exact,
        regex,
        decorations: findColours[view.appearance],
      });
      setWrong(false);
    } catch {
      setWrong(true);
    }
  }
  useEffect(() => find(true), [text, exact, regex]);

  return (
    <div
      role="search"
      className="absolute top-2 right-4 z-10 flex items-center gap-0.5 rounded-lg border border-line-strong bg-raised p-1 shadow-float"
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
        else if (event.key === "Enter") find(false, event.shiftKey);
        else return;
        event.preventDefault();
      }}
    >
      <input
        ref={input}
        type="search"
        aria-label="Find in the terminal"
        aria-invalid={wrong || undefined}
        autoComplete="off"
        spellCheck={false}
        placeholder="Find"
        value={text}
        onChange={(event) => setText(event.target.value)}
        className="h-7 w-40 rounded-md border border-line-strong bg-surface px-2 text-sm focus:border-accent focus:outline-1 focus:outline-accent aria-invalid:border-danger [&::-webkit-search-cancel-button]:hidden"
      />
      <output className="figures min-w-16 px-1.5 text-right text-faint">
        {text === "" ? "" : wrong ? "invalid" : count}
      </output>
      <IconButton
        label="Match case"
        size="sm"
        aria-pressed={exact}
        className="aria-pressed:bg-accent-wash aria-pressed:text-accent-ink"
        onClick={() => setExact(!exact)}
      >
        <CaseSensitive />
      </IconButton>
      <IconButton
        label="Regular expression"
        size="sm"
        aria-pressed={regex}
        className="aria-pressed:bg-accent-wash aria-pressed:text-accent-ink"
        onClick={() => setRegex(!regex)}
      >
        <Regex />
      </IconButton>
      <IconButton label="Previous match" size="sm" onClick={() => find(false, true)}>
        <ArrowUp />
      </IconButton>
      <IconButton label="Next match" size="sm" onClick={() => find(false)}>
        <ArrowDown />
      </IconButton>
      <IconButton label="Close search" keys="escape" size="sm" onClick={onClose}>
        <X />
      </IconButton>
    </div>
  );
}
