"use client";
import { useCallback, useEffect, useRef, useState, type RefObject } from "react";
import { lookFor } from "../../../viewers/terminal/look.ts";
import { shownTitle } from "../../../viewers/terminal/server-control.ts";
import type { SessionState } from "../../../viewers/terminal/session-state.ts";
import { clampFontSize, defaultFontSize } from "../../../viewers/terminal/settings.ts";
import { TerminalView, type ViewSettings } from "../../../viewers/terminal/view.ts";
import { api } from "../../lib/api.ts";
import { useStore } from "../../lib/store.ts";
import { openPalette } from "../../palette/store.ts";
import { handleKey } from "../../shortcuts/shortcuts.ts";
import { isDockKey } from "../dock/dock-keys.ts";
import { useAppearance } from "../use-appearance.ts";
import type { PanelPlace, Workbench } from "../workbench-context.ts";
import { claimTerminal } from "./claim-terminal.ts";
import { fileLinks } from "./file-links.ts";
import { localUrl } from "./local-url.ts";
import { terminalSettings } from "./settings.ts";

export interface Question {
  readonly key: number;
  readonly text: string;
  readonly answer: (allowed: boolean) => void;
}

export interface TerminalHandle {
  readonly id: string | undefined;
  readonly view: TerminalView | undefined;
  readonly state: SessionState | undefined;
  readonly error: unknown;
  readonly questions: readonly Question[];
  readonly settings: ViewSettings;
  /** Counts what was typed without control, so that the way to it can be made plain. */
  readonly refused: number;
  readonly retry: () => void;
}

interface Options {
  host: RefObject<HTMLDivElement | null>;
  place: PanelPlace;
  workbench: Workbench;
  onFind: () => void;
}

const font = '"JetBrains Mono Variable"';

/** Finds or opens the panel's terminal, shows it in the element, and lets go of it when the panel is closed. */
export function useTerminal({ host, place, workbench, onFind }: Options): TerminalHandle {
  const latest = useRef({ place, workbench, onFind });
  useEffect(() => {
    latest.current = { place, workbench, onFind };
  });
  const caveId = workbench.cave.id;
  const [view, setView] = useState<TerminalView>();
  const [state, setState] = useState<SessionState>();
  const [error, setError] = useState<unknown>();
  const [questions, setQuestions] = useState<readonly Question[]>([]);
  const [refused, setRefused] = useState(0);
  const [attempt, setAttempt] = useState(0);
  const kept = useStore(terminalSettings);
  const appearance = useAppearance();
  const settings: ViewSettings = { ...kept, appearance };
  const first = useRef(settings);
  useEffect(() => {
    first.current = settings;
  });

  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const stop = new AbortController();
    let made: TerminalView | undefined;
    const params = { cave: caveId };

    async function start(into: HTMLElement): Promise<void> {
      const { place, workbench } = latest.current;
      const [found] = await Promise.all([
        claimTerminal(workbench, place, stop.signal),
        // Letters are measured when the terminal is made: with the font they are drawn in.
        document.fonts.load(`14px ${font}`).catch(() => undefined),
      ]);
      if (stop.signal.aborted) return;
      place.setParams({ ...place.params, terminalId: found.id });
      place.setTitle(shownTitle(found.title) || found.name);
      const ask = (text: string) =>
        new Promise<boolean>((resolve) => {
          const key = Math.random();
          const answer = (allowed: boolean) => {
            setQuestions((all) => all.filter((one) => one.key !== key));
            resolve(allowed);
          };
          setQuestions((all) => {
            if (all.length < 3) return [...all, { key, text, answer }];
            resolve(false);
            return all;
          });
        });
      const view = (made = new TerminalView(into, {
        url: (since) =>
          api.terminals.connect.url({
            params: { ...params, id: found.id },
            query: since === undefined ? {} : { since },
          }),
        look: (signal) =>
          lookFor(
            (signal) => api.terminals.list({ params }, { signal }).then(({ terminals }) => terminals),
            found.id,
            signal,
          ),
        ask,
        settings: first.current,
        onLink: (url) => follow(url, latest.current.workbench),
        onKey: (event) => keyFor(event, () => latest.current.onFind()),
      }));
      view.terminal.options.fontFamily = `${font}, ui-monospace, Menlo, Consolas, monospace`;
      view.terminal.registerLinkProvider(
        fileLinks(view.terminal, {
          edit: (...where) => latest.current.workbench.edit(...where),
          preview: (url) => follow(url, latest.current.workbench),
        }),
      );
      view.terminal.textarea?.setAttribute("aria-label", `${found.name}. Ctrl-Shift-M leaves the terminal.`);
      view.session.changed.on((next) => {
        setState(next);
        if (next.title !== "") latest.current.place.setTitle(next.title);
      });
      view.refusedInput.on(() => setRefused((count) => count + 1));
      setState(view.session.state);
      setView(view);
    }

    start(element).catch((problem: unknown) => {
      if (!stop.signal.aborted) setError(problem);
    });
    const sessions = () => made?.session;
    addEventListener("online", () => sessions()?.reconnect(), { signal: stop.signal });
    return () => {
      stop.abort();
      made?.[Symbol.dispose]();
      setView(undefined);
      setState(undefined);
      setQuestions((all) => {
        for (const { answer } of all) answer(false);
        return [];
      });
    };
  }, [host, caveId, attempt]);

  useEffect(() => view?.show(place.visible), [view, place.visible]);
  // A panel in a window of its own is seen whatever becomes of the page it came from.
  useEffect(() => {
    if (!view) return;
    const { document: own } = place.window;
    const look = () => (view.session.visible = own.visibilityState === "visible");
    look();
    own.addEventListener("visibilitychange", look);
    return () => own.removeEventListener("visibilitychange", look);
  }, [view, place.window]);
  const { fontSize, screenReader } = settings;
  useEffect(
    () => view?.configure({ fontSize, screenReader, appearance }),
    [view, fontSize, screenReader, appearance],
  );
  // In another window xterm has to measure and to listen there.
  useEffect(() => view?.open(), [view, place.window]);

  const retry = useCallback(() => {
    setError(undefined);
    setAttempt((count) => count + 1);
  }, []);
  return { id: place.params.terminalId, view, state, error, questions, settings, refused, retry };
}

/** What a program in the cave calls localhost is a port of the cave. */
function follow(url: string, workbench: Workbench): boolean {
  const local = localUrl(url);
  if (local === undefined) return false;
  workbench.preview(local.port, local.path);
  return true;
}

function keyFor(event: KeyboardEvent, find: () => void): boolean {
  if (isDockKey(event)) {
    handleKey(event);
    return event.defaultPrevented;
  }
  const command = (event.ctrlKey || event.metaKey) && !event.altKey;
  if (!command) return false;
  if (event.code === "KeyF" && (event.shiftKey || event.metaKey)) find();
  else if (event.code === "KeyM" && event.shiftKey) leave(event.target);
  else if (event.key === "+" || event.key === "=") resize(1);
  else if (event.key === "-" && !event.shiftKey) resize(-1);
  else if (event.key === "0") terminalSettings.set((now) => ({ ...now, fontSize: defaultFontSize }));
  else if (event.code === "KeyK") openPalette();
  else return false;
  return true;
}

export const resize = (by: number): void =>
  terminalSettings.set((now) => ({ ...now, fontSize: clampFontSize(now.fontSize + by) }));

/** To the first thing after the terminal that takes the focus. */
function leave(target: EventTarget | null): void {
  if (!(target instanceof HTMLElement)) return;
  const bar = target.closest("[data-keys=own]")?.querySelector<HTMLElement>("[data-terminal-bar] button");
  bar?.focus();
}
