"use client";
import type { editor } from "monaco-editor/editor/editor.api.js";
import type * as monacoModule from "monaco-editor/editor/editor.api.js";
import { useEffect, useEffectEvent, useRef, useState, type RefObject } from "react";
import { observeSize } from "../../viewers/lib/observe-size.ts";
import { openPalette } from "../palette/store.ts";
import { editorOptions, languageOf } from "./language-of.ts";

export type Monaco = typeof monacoModule;

/** Monaco, which comes when the first editor asks for it. */
export function useMonaco(): { monaco?: Monaco; error?: unknown } {
  const [loaded, setLoaded] = useState<{ monaco?: Monaco; error?: unknown }>({});
  useEffect(() => {
    let gone = false;
    const take = (next: typeof loaded) => gone || setLoaded(next);
    import("./monaco.ts").then(
      ({ monaco }) => take({ monaco }),
      (error: unknown) => take({ error }),
    );
    return () => {
      gone = true;
    };
  }, []);
  return loaded;
}

export const inAllEditors = { ...editorOptions, theme: "ghost" } as const;

/** As large as its element, in whatever window that is: Monaco's own observer watches the page alone. */
export function fit(one: editor.IEditor, element: HTMLElement): void {
  one.onDidDispose(observeSize(element, () => one.layout()));
}

export function createEditor(
  monaco: Monaco,
  element: HTMLElement,
  options: editor.IStandaloneEditorConstructionOptions,
): editor.IStandaloneCodeEditor {
  const one = monaco.editor.create(element, { ...inAllEditors, ...options });
  // Else it is the first of two keys of Monaco's own.
  one.addCommand(monaco.KeyMod.CtrlCmd | monaco.KeyCode.KeyK, openPalette);
  fit(one, element);
  return one;
}

interface Shown<T> {
  readonly host: RefObject<HTMLDivElement | null>;
  /** Where the element is. */
  readonly window: Window;
  readonly path: string;
  /** What they begin with; what becomes of them is the models'. */
  readonly texts: readonly string[];
  readonly show: (monaco: Monaco, element: HTMLElement, models: readonly editor.ITextModel[]) => T;
}

/**
 * Texts in an editor, as long as there is the element. Monaco draws, measures and listens with the window that it was made in: in another it is made
 * anew, over the same models, which keep what was changed and how to undo it.
 */
export function useEditorOf<T extends editor.IEditor>({ host, window, path, texts, show }: Shown<T>) {
  const { monaco, error } = useMonaco();
  const [models, setModels] = useState<readonly editor.ITextModel[]>();
  const [made, setMade] = useState<T>();
  const view = useRef<editor.IEditorViewState>(null);
  const showNow = useEffectEvent(show);
  const textsNow = useEffectEvent(() => texts);

  // Before the texts go, what shows them does.
  useEffect(() => {
    const element = host.current;
    if (!monaco || !models || !element) return;
    const one = showNow(monaco, element, models);
    if (view.current) one.restoreViewState(view.current);
    setMade(() => one);
    return () => {
      view.current = one.saveViewState();
      one.dispose();
      setMade(undefined);
    };
  }, [monaco, models, host, window]);
  useEffect(() => {
    if (!monaco) return;
    const made = textsNow().map((text) => monaco.editor.createModel(text, languageOf(monaco, path, text)));
    setModels(made);
    return () => {
      for (const model of made) model.dispose();
      setModels(undefined);
    };
  }, [monaco, path]);

  // There is something around every panel that shows it.
  if (error !== undefined) throw new Error("The editor did not load.", { cause: error });
  return { editor: made, models };
}
