"use client";
import { useEffect, useRef, useState, type RefObject } from "react";
import { ClipboardSync, type ClipboardState } from "../../../viewers/desktop/clipboard-sync.ts";
import type { Quality, Sizing } from "../../../viewers/desktop/connection.ts";
import { DesktopView, type DesktopState } from "../../../viewers/desktop/desktop-view.ts";
import { api, GhostError } from "../../lib/api.ts";
import type { DesktopMode } from "#contract/desktop.ts";

export interface DesktopHandle {
  readonly view: DesktopView | undefined;
  readonly state: DesktopState;
  readonly clipboard: { readonly sync: ClipboardSync | undefined; readonly state: ClipboardState };
}

/** What is kept when it is drawn anew. */
interface Looks {
  readonly mode: DesktopMode;
  readonly sizing: Sizing;
  readonly quality: Quality;
}

/** The desktop in the element while `wanted`: the first look starts it. */
export function useDesktop(
  host: RefObject<HTMLDivElement | null>,
  cave: string,
  { mode, sizing, quality }: Looks,
  /** Where it is seen, once it is: in another window it is drawn anew. */
  wanted: Window | undefined,
): DesktopHandle {
  const [view, setView] = useState<DesktopView>();
  const [state, setState] = useState<DesktopState>({ kind: "opening", step: "gateway" });
  const [sync, setSync] = useState<ClipboardSync>();
  const [clipboard, setClipboard] = useState<ClipboardState>({ text: "", kept: false, note: "" });
  const first = useRef(mode);
  useEffect(() => {
    first.current = mode;
  });

  useEffect(() => {
    const element = host.current;
    if (!element || wanted === undefined) return;
    let controls = false;
    // While the keyboard is in the desktop, not in another panel.
    const works = () => controls && element.contains(element.ownerDocument.activeElement);
    const both: ClipboardSync = new ClipboardSync({
      ...{ window: wanted, works, onChange: setClipboard, paste: (text) => made.paste(text) },
    });
    const look = () => void both.look();
    element.addEventListener("focusin", look);
    const made = new DesktopView({
      element,
      mode: first.current,
      url: (mode) => api.desktop.connect.url({ params: { cave }, query: { mode } }),
      onState: (state) => {
        setState(state);
        controls = state.kind === "live" && state.mode === "control";
        look();
      },
      onClipboard: (text) => both.received(text),
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
    setSync(both);
    return () => {
      element.removeEventListener("focusin", look);
      both.dispose();
      made.dispose();
      setView(undefined);
      setSync(undefined);
    };
  }, [host, cave, wanted]);

  useEffect(() => {
    if (view) view.sizing = sizing;
  }, [view, sizing]);
  useEffect(() => {
    if (view) view.quality = quality;
  }, [view, quality]);
  useEffect(() => {
    if (view) view.mode = mode;
  }, [view, mode]);
  return { view, state, clipboard: { sync, state: clipboard } };
}
