"use client";
import { useEffect, useRef, type ReactNode } from "react";
import { createStore } from "../lib/store.ts";

/** Something the palette can do. */
export interface Command {
  readonly id: string;
  readonly name: string;
  readonly group: string;
  readonly icon?: ReactNode;
  readonly keys?: string;
  /** Found by these words too. */
  readonly words?: string;
  /** Said at the right, e.g. a cave's state. */
  readonly note?: string;
  /** Offered only to who types something: there are many of its kind. */
  readonly whenAsked?: boolean;
  readonly run: () => void;
}

export const paletteOpen = createStore(false);
export const openPalette = (): void => paletteOpen.set(true);

export const commands = createStore<readonly Command[]>([]);

/** While the component is there, the palette offers these. */
export function useCommands(given: readonly Command[]): void {
  const current = useRef(given);
  useEffect(() => {
    current.current = given;
  });
  const ids = given.map(({ id, name }) => `${id}\t${name}`).join("\n");
  useEffect(() => {
    const own = current.current.map((one, index) => ({ ...one, run: () => current.current[index]?.run() }));
    commands.set((all) => [...all, ...own]);
    return () => commands.set((all) => all.filter((one) => !own.includes(one)));
  }, [ids]);
}
