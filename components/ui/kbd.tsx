"use client";
import { useHydrated } from "../lib/use-hydrated.ts";

const names: Record<string, string> = {
  enter: "Enter",
  escape: "Esc",
  delete: "Del",
  space: "Space",
  up: "↑",
  down: "↓",
  left: "←",
  right: "→",
  pageup: "PgUp",
  pagedown: "PgDn",
  shift: "Shift",
  alt: "Alt",
};

/** `mod+k` as this machine's keyboard has it: `⌘ K` or `Ctrl K`. Keys that follow each other are apart by a space: `g c`. */
export function Keys({ keys }: { keys: string }) {
  const mac = useHydrated() && /Mac|iPhone|iPad/.test(navigator.platform);
  return (
    <span className="inline-flex gap-1">
      {keys.split(/[ +]/).map((key, index) => (
        <kbd
          key={index}
          className="inline-flex h-[18px] min-w-[18px] items-center justify-center rounded-sm border border-line-strong bg-surface px-1 font-sans text-[11px] text-dim"
        >
          {key === "mod" ? (mac ? "⌘" : "Ctrl") : (names[key] ?? key.toUpperCase())}
        </kbd>
      ))}
    </span>
  );
}
