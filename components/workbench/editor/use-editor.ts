"use client";
import type { editor } from "monaco-editor/editor/editor.api.js";
import type * as monacoModule from "monaco-editor/editor/editor.api.js";
import { useEffect, useState, type RefObject } from "react";

type Monaco = typeof monacoModule;

export interface EditorOptions {
  readonly path: string;
  readonly text: string;
  readonly onSave: () => void;
}

const shared: editor.IEditorOptions = {
  fontFamily: "'JetBrains Mono Variable', ui-monospace, monospace",
  fontSize: 13,
  lineHeight: 20,
  minimap: { enabled: false },
  scrollBeyondLastLine: false,
  smoothScrolling: false,
  padding: { top: 8 },
  renderLineHighlight: "line",
  fixedOverflowWidgets: true,
  // Tab moves on when the person asks for it: Ctrl-M, as everywhere with Monaco.
  tabFocusMode: false,
};

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
    void import("./monaco.ts").then(({ monaco }) => {
      if (stopped) return;
      const model = monaco.editor.createModel(text, languageOf(monaco, path, text));
      const one = monaco.editor.create(element, {
        ...shared,
        model,
        theme: "ghost",
        automaticLayout: true,
        ariaLabel: `Text of ${path}`,
      });
      one.addCommand(monaco.KeyMod.CtrlCmd | monaco.KeyCode.KeyS, onSave);
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
    void import("./monaco.ts").then(({ monaco }) => {
      if (stopped) return;
      const language = languageOf(monaco, path, own);
      const models = {
        original: monaco.editor.createModel(theirs, language),
        modified: monaco.editor.createModel(own, language),
      };
      const one = monaco.editor.createDiffEditor(element, {
        ...shared,
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

const names: Record<string, string> = {
  ...{ Makefile: "makefile", Dockerfile: "dockerfile", Containerfile: "dockerfile" },
  ...{ ".bashrc": "shell", ".profile": "shell", ".zshrc": "shell", ".gitconfig": "ini", ".env": "ini" },
};

/** By its name, its ending, or its first line. */
export function languageOf(monaco: Monaco, path: string, text: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const known = names[name];
  if (known !== undefined) return known;
  const all = monaco.languages.getLanguages();
  const ending = all.find(({ extensions = [] }) =>
    extensions.some((one) => name.toLowerCase().endsWith(one)),
  );
  if (ending) return ending.id;
  const first = text.slice(0, 200).split("\n", 1)[0] ?? "";
  const shebang = /^#!.*\b(bash|sh|zsh|python|node|ruby|perl)/.exec(first)?.[1];
  const byShebang: Record<string, string> = { bash: "shell", sh: "shell", zsh: "shell", node: "javascript" };
  if (shebang !== undefined) return byShebang[shebang] ?? shebang;
  return (
    all.find(({ firstLine }) => firstLine !== undefined && new RegExp(firstLine).test(first))?.id ??
    "plaintext"
  );
}
