import type { editor } from "monaco-editor/editor/editor.api.js";
import type * as monacoModule from "monaco-editor/editor/editor.api.js";

type Monaco = typeof monacoModule;

/** How every editor of ours looks and behaves. */
export const editorOptions: editor.IEditorOptions = {
  fontFamily: "'JetBrains Mono Variable', ui-monospace, monospace",
  fontSize: 13,
  lineHeight: 20,
  minimap: { enabled: false },
  scrollBeyondLastLine: false,
  smoothScrolling: false,
  padding: { top: 8 },
  renderLineHighlight: "line",
  fixedOverflowWidgets: true,
  // Monaco's own ends where the panel does, and looks for the clipboard in the page alone.
  contextmenu: false,
};

/** What is read out: Tab writes into an editor, so whoever has no pointer must know how to leave it. */
export const editorLabel = (name: string): string => `Text of ${name}. Ctrl-M lets Tab leave it.`;

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
