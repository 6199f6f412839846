"use client";
import { useEffect, useRef, useState, type RefObject } from "react";
import { DesktopView, type DesktopState } from "../../../viewers/desktop/desktop-view.ts";
import { api, GhostError } from "../../lib/api.ts";
import type { DesktopMode } from "#contract/desktop.ts";

export interface DesktopHandle {
  readonly view: DesktopView | undefined;
  readonly state: DesktopState;
  /** What was last copied in the cave. */
  readonly copied: string | undefined;
}

/** The desktop in the element while `wanted`: the first look starts it. */
export function useDesktop(
  host: RefObject<HTMLDivElement | null>,
  cave: string,
  mode: DesktopMode,
  /** Where it is seen, once it is: in another window it is drawn anew. */
  wanted: Window | undefined,
): DesktopHandle {
  const [view, setView] = useState<DesktopView>();
  const [state, setState] = useState<DesktopState>({ kind: "opening", step: "gateway" });
  const [copied, setCopied] = useState<string>();
  const first = useRef(mode);
  useEffect(() => {
    first.current = mode;
  });

  useEffect(() => {
    const element = host.current;
    if (!element || wanted === undefined) return;
    const made = new DesktopView({
      element,
      mode: first.current,
      url: (mode) => api.desktop.connect.url({ params: { cave }, query: { mode } }),
      onState: setState,
      onClipboard: setCopied,
      explain: async (signal) => {
        try {
          await api.desktop.thumbnail.stream({ params: { cave }, query: { width: 16 } }, { signal });
        } catch (error) {
          if (!(error instanceof GhostError) || error.code === "surface_stopped") return undefined;
          return {
            cause: `${error.message} ${error.hint}`.trim(),
            again: error.status === 0 || error.status > 500,
          };
        }
        return undefined;
      },
    });
    setView(made);
    return () => {
      made.dispose();
      setView(undefined);
    };
  }, [host, cave, wanted]);

  useEffect(() => {
    if (view) view.mode = mode;
  }, [view, mode]);
  return { view, state, copied };
}
