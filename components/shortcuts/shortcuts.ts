"use client";
import { useEffect, useRef } from "react";
import { createStore } from "../lib/store.ts";

/** A key that does something on this page; what `?` lists. */
export interface Shortcut {
  /** `n`, `delete`, `mod+k`, or keys one after the other: `g c`. */
  readonly keys: string;
  readonly does: string;
  /** Heading it stands under. */
  readonly group: string;
  readonly run: (event: KeyboardEvent) => void;
}

export const shortcuts = createStore<readonly Shortcut[]>([]);
export const shortcutsOpen = createStore(false);
export const openShortcuts = (): void => shortcutsOpen.set(true);

/** While the component is there, its keys work; not while somebody types, nor over a dialog. */
export function useShortcuts(given: readonly Shortcut[]): void {
  const current = useRef(given);
  useEffect(() => {
    current.current = given;
  });
  const names = given.map(({ keys }) => keys).join("\n");
  useEffect(() => {
    const own = current.current.map((one, index) => ({
      ...one,
      run: (event: KeyboardEvent) => current.current[index]?.run(event),
    }));
    shortcuts.set((all) => [...all, ...own]);
    return () => shortcuts.set((all) => all.filter((one) => !own.includes(one)));
  }, [names]);
}

const chordMs = 1200;
let before: { key: string; at: number } | undefined;

/** The page's one key listener. */
export function handleKey(event: KeyboardEvent): void {
  // What a browser fills in by itself comes as a key without a name.
  if (event.defaultPrevented || event.isComposing || typeof event.key !== "string") return;
  const key = nameOf(event);
  if ((key === "enter" || key === "space") && isPressable(event.target)) return;
  const modified = key.includes("+");
  if (
    !modified &&
    (isTyping(event.target) || document.querySelector('[role="dialog"],[role="menu"],[role="listbox"]'))
  )
    return;
  const chord = before && performance.now() - before.at < chordMs ? `${before.key} ${key}` : undefined;
  const all = shortcuts.get();
  const found = all.findLast(({ keys }) => keys === chord) ?? all.findLast(({ keys }) => keys === key);
  const begins = all.some(({ keys }) => keys.startsWith(`${key} `));
  before = found === undefined && begins ? { key, at: performance.now() } : undefined;
  if (found === undefined) return;
  event.preventDefault();
  found.run(event);
}

function nameOf(event: KeyboardEvent): string {
  const names: Record<string, string> = {
    ...{ " ": "space", esc: "escape" },
    ...{ arrowup: "up", arrowdown: "down", arrowleft: "left", arrowright: "right" },
  };
  const plain = event.key.toLowerCase();
  const key = names[plain] ?? plain;
  const parts = [
    (event.ctrlKey || event.metaKey) && "mod",
    event.altKey && "alt",
    event.shiftKey && key.length > 1 && "shift",
    key,
  ];
  return parts.filter((part) => part !== false).join("+");
}

/** These two keys belong to a button or a link that has the focus. */
const isPressable = (target: EventTarget | null): boolean =>
  target instanceof Element && target.matches("a[href], button, summary");

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.matches("input:not([type=checkbox]), textarea, select, [data-keys=own], [data-keys=own] *"))
  );
}
