"use client";
import { createContext, useContext } from "react";
import type { PanelKind, PanelParams } from "./panels.ts";
import type { Cave } from "#contract/cave.ts";

/** What a panel may ask of whatever it stands in: a dock, or the one-panel view of a phone. */
export interface Workbench {
  readonly cave: Cave;
  /** Shows the panel of this kind, or makes one; `fresh`: makes one although there is one. */
  readonly open: (kind: PanelKind, params?: PanelParams, fresh?: boolean) => void;
  /** Shows what listens on the port. */
  readonly preview: (port: number, path?: string) => void;
  /** Shows a file; relative paths begin at the workspace. */
  readonly edit: (path: string, line?: number, column?: number) => void;
  /** Whether there is a panel that does. */
  readonly shows: (kind: PanelKind, params?: PanelParams) => boolean;
  /** Whether a panel of this kind is in sight, not behind another tab. */
  readonly sees: (kind: PanelKind) => boolean;
  /** Which terminals have a panel. */
  readonly terminals: () => readonly string[];
}

export const WorkbenchContext = createContext<Workbench | undefined>(undefined);

export function useWorkbench(): Workbench {
  const found = useContext(WorkbenchContext);
  if (found === undefined) throw new Error("This is shown in a workbench only.");
  return found;
}

/** One panel's own place. */
export interface PanelPlace {
  readonly id: string;
  readonly params: PanelParams;
  /** Whether somebody sees it: what is behind another tab rests. */
  readonly visible: boolean;
  /** Whether it is the one that is worked in. */
  readonly active: boolean;
  /** The window it is in: its own, when it was popped out. */
  readonly window: Window;
  setParams(params: PanelParams): void;
  setTitle(title: string): void;
  /** Shown at its tab: something has not been saved. */
  setDirty(dirty: boolean): void;
  close(): void;
}

export interface PanelProps {
  readonly place: PanelPlace;
}
