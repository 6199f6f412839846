"use client";
import type { editor } from "monaco-editor/editor/editor.api.js";
import type { RefObject } from "react";
import { editorLabel } from "../../monaco/language-of.ts";
import { createEditor, fit, inAllEditors, useEditorOf } from "../../monaco/use-monaco.ts";

type Host = RefObject<HTMLDivElement | null>;

export interface EditorOptions {
  readonly path: string;
  readonly text: string;
  readonly onSave: () => void;
}

/** Monaco in an element of that window, with the text it begins with. */
export function useEditor(host: Host, window: Window, { path, text, onSave }: EditorOptions) {
  const { editor, models } = useEditorOf({
    ...{ host, window, path, texts: [text] },
    show(monaco, element, [model = null]) {
      const one = createEditor(monaco, element, { model, ariaLabel: editorLabel(path) });
      one.addCommand(monaco.KeyMod.CtrlCmd | monaco.KeyCode.KeyS, onSave);
      return one;
    },
  });
  return { editor, model: models?.[0] };
}

/** Two versions side by side: theirs, and one's own that may still be changed. */
export function useDiff(host: Host, window: Window, path: string, theirs: string, own: string) {
  const { editor, models } = useEditorOf({
    ...{ host, window, path, texts: [theirs, own] },
    show(monaco, element, [original, modified]) {
      const one = monaco.editor.createDiffEditor(element, {
        ...inAllEditors,
        renderOverviewRuler: false,
        renderSideBySide: element.clientWidth > 700,
      });
      if (original && modified) one.setModel({ original, modified });
      // These two are heeded only when they change.
      const labels: editor.IDiffEditorConstructionOptions = {
        originalAriaLabel: `${path} in the cave`,
        modifiedAriaLabel: `Your ${path}`,
      };
      one.updateOptions(labels);
      fit(one, element);
      return one;
    },
  });
  return { editor: editor?.getModifiedEditor(), model: models?.[1] };
}
