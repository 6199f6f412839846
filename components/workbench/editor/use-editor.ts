"use client";
import type { editor } from "monaco-editor/editor/editor.api.js";
import { useEffect, useState, type RefObject } from "react";
import { editorLabel, editorOptions, languageOf } from "../../monaco/language-of.ts";
import { openPalette } from "../../palette/store.ts";

export interface EditorOptions {
  readonly path: string;
  readonly text: string;
  readonly onSave: () => void;
}

/** Monaco in an element, with the text it begins with; gone when the element is. */
export function useEditor(
  host: RefObject<HTMLDivElement | null>,
  { path, text, onSave }: EditorOptions,
): editor.IStandaloneCodeEditor | undefined {
  const [made, setMade] = useState<editor.IStandaloneCodeEditor>();
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    let stopped = false;
    let dispose = () => undefined as unknown;
    void import("../../monaco/monaco.ts").then(({ monaco }) => {
      if (stopped) return;
      const model = monaco.editor.createModel(text, languageOf(monaco, path, text));
      const one = monaco.editor.create(element, {
        ...editorOptions,
        model,
        theme: "ghost",
        automaticLayout: true,
        ariaLabel: editorLabel(path),
      });
      one.addCommand(monaco.KeyMod.CtrlCmd | monaco.KeyCode.KeyS, onSave);
      // Else it is the first of two keys of Monaco's own.
      one.addCommand(monaco.KeyMod.CtrlCmd | monaco.KeyCode.KeyK, openPalette);
      dispose = () => {
        one.dispose();
        model.dispose();
      };
      setMade(one);
    });
    return () => {
      stopped = true;
      dispose();
      setMade(undefined);
    };
    // The text is what it begins with; what becomes of it is the editor's.
  }, [host, path]);
  return made;
}

/** Two versions side by side: theirs, and one's own that may still be changed. */
export function useDiff(
  host: RefObject<HTMLDivElement | null>,
  path: string,
  theirs: string,
  own: string,
): editor.IStandaloneDiffEditor | undefined {
  const [made, setMade] = useState<editor.IStandaloneDiffEditor>();
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    let stopped = false;
    let dispose = () => undefined as unknown;
    void import("../../monaco/monaco.ts").then(({ monaco }) => {
      if (stopped) return;
      const language = languageOf(monaco, path, own);
      const models = {
        original: monaco.editor.createModel(theirs, language),
        modified: monaco.editor.createModel(own, language),
      };
      const one = monaco.editor.createDiffEditor(element, {
        ...editorOptions,
        theme: "ghost",
        automaticLayout: true,
        renderSideBySide: element.clientWidth > 700,
      });
      one.setModel(models);
      // These two are heeded only when they change.
      const labels: editor.IDiffEditorConstructionOptions = {
        originalAriaLabel: `${path} in the cave`,
        modifiedAriaLabel: `Your ${path}`,
      };
      one.updateOptions(labels);
      dispose = () => {
        one.dispose();
        models.original.dispose();
        models.modified.dispose();
      };
      setMade(one);
    });
    return () => {
      stopped = true;
      dispose();
      setMade(undefined);
    };
  }, [host, path, theirs, own]);
  return made;
}
