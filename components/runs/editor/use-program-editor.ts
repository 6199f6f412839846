"use client";
import type { editor } from "monaco-editor/editor/editor.api.js";
import { useEffect, useEffectEvent, useState, type RefObject } from "react";
import { editorLabel, languageOf } from "../../monaco/language-of.ts";
import { createEditor, useMonaco, type Monaco } from "../../monaco/use-monaco.ts";

interface Options {
  /** The texts by name, to begin with and whenever `revision` is another. */
  readonly texts: Readonly<Record<string, string>>;
  readonly revision: number;
  readonly shown: string;
  readonly onChange: (name: string, text: string) => void;
  readonly onRun: () => void;
  readonly onStop: () => void;
}

/** Monaco with one text for each file; each keeps its place and its undo while the program is the same. */
export function useProgramEditor(
  host: RefObject<HTMLDivElement | null>,
  { texts, revision, shown, onChange, onRun, onStop }: Options,
): { editor: editor.IStandaloneCodeEditor | undefined; error: unknown } {
  const { monaco, error } = useMonaco();
  const [made, setMade] = useState<Made>();
  const changed = useEffectEvent(onChange);
  const run = useEffectEvent(onRun);
  const stop = useEffectEvent(onStop);

  useEffect(() => {
    const element = host.current;
    if (!monaco || !element) return;
    const one = createEditor(monaco, element, { model: null });
    one.addCommand(monaco.KeyMod.CtrlCmd | monaco.KeyCode.Enter, () => run());
    one.addCommand(monaco.KeyMod.CtrlCmd | monaco.KeyCode.Period, () => stop());
    const models = new Models(monaco, (name, text) => changed(name, text));
    setMade({ one, models });
    return () => {
      one.dispose();
      models.dispose();
      setMade(undefined);
    };
  }, [monaco, host]);

  useEffect(() => {
    if (!made) return;
    const { one, models } = made;
    const model = models.show(texts, revision, shown);
    if (one.getModel() === model) return;
    models.leave(one);
    one.setModel(model);
    one.updateOptions({ ariaLabel: editorLabel(shown) });
    models.enter(one);
  }, [made, texts, revision, shown]);

  return { editor: made?.one, error };
}

interface Made {
  readonly one: editor.IStandaloneCodeEditor;
  readonly models: Models;
}

/** The texts of one program. */
class Models {
  readonly #monaco: Monaco;
  readonly #changed: (name: string, text: string) => void;
  readonly #models = new Map<string, editor.ITextModel>();
  readonly #places = new WeakMap<editor.ITextModel, editor.ICodeEditorViewState>();
  /** What each holds, as it was put in or last told: only what differs from outside is put in anew. */
  readonly #texts = new Map<string, string>();
  #revision: number | undefined;

  constructor(monaco: Monaco, changed: (name: string, text: string) => void) {
    this.#monaco = monaco;
    this.#changed = changed;
  }

  /** Makes what is missing, lets go of what is no longer a file; answers the one to show. */
  show(texts: Readonly<Record<string, string>>, revision: number, shown: string): editor.ITextModel | null {
    if (this.#revision !== revision) this.dispose();
    this.#revision = revision;
    for (const [name, model] of this.#models) {
      if (name in texts) continue;
      model.dispose();
      this.#models.delete(name);
    }
    const text = texts[shown];
    if (text === undefined) return null;
    let model = this.#models.get(shown);
    if (!model) {
      const made = this.#monaco.editor.createModel(text, languageOf(this.#monaco, shown, text));
      made.onDidChangeContent(() => {
        const now = made.getValue(undefined, true);
        if (this.#texts.get(shown) === now) return;
        this.#texts.set(shown, now);
        this.#changed(shown, now);
      });
      this.#models.set(shown, made);
      this.#texts.set(shown, text);
      model = made;
    } else if (this.#texts.get(shown) !== text) {
      this.#texts.set(shown, text);
      model.setValue(text);
    }
    return model;
  }

  leave(one: editor.IStandaloneCodeEditor): void {
    const model = one.getModel();
    const place = one.saveViewState();
    if (model && place) this.#places.set(model, place);
  }

  enter(one: editor.IStandaloneCodeEditor): void {
    const model = one.getModel();
    if (model) one.restoreViewState(this.#places.get(model) ?? null);
  }

  dispose(): void {
    for (const model of this.#models.values()) model.dispose();
    this.#models.clear();
  }
}
