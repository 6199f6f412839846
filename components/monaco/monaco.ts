import "./monaco.css";
import "monaco-editor/features/register.all.js";
import "monaco-editor/languages/definitions/register.all.js";
import * as monaco from "monaco-editor/editor/editor.api.js";
import { json } from "./json-language.ts";

// Its worker computes diffs and links. It is one of our files: no other host is asked, and the page's policy would refuse it.
self.MonacoEnvironment = {
  getWorker: () =>
    new Worker(new URL("monaco-editor/editor/editor.worker.js", import.meta.url), { type: "module" }),
};

monaco.languages.register({
  id: "json",
  extensions: [".json", ".jsonc", ".ipynb", ".webmanifest"],
  aliases: ["JSON"],
});
monaco.languages.setMonarchTokensProvider("json", json.tokens);
monaco.languages.setLanguageConfiguration("json", json.configuration);

const colour = (name: string): string => {
  // Monaco knows only `#rrggbb`: the browser computes it.
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) return "#808080";
  context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(name);
  context.fillRect(0, 0, 1, 1);
  return `#${[...context.getImageData(0, 0, 1, 1).data.slice(0, 3)].map((one) => one.toString(16).padStart(2, "0")).join("")}`;
};

/** What its light colours have too little contrast for. */
const readable = [
  { token: "number", foreground: "07734a" },
  { token: "type", foreground: "00707a" },
  { token: "comment", foreground: "007a00" },
  { token: "attribute.name", foreground: "c00000" },
];

/** Monaco in the page's own colours. */
function paint(): void {
  const light = document.documentElement.dataset["theme"] === "light";
  monaco.editor.defineTheme("ghost", {
    base: light ? "vs" : "vs-dark",
    inherit: true,
    rules: light ? readable : [],
    colors: {
      "editor.background": colour("--n2"),
      "editorGutter.background": colour("--n2"),
      "editor.lineHighlightBackground": colour("--n3"),
      "editorLineNumber.foreground": colour("--n10"),
      "editorLineNumber.dimmedForeground": colour("--n10"),
      "editorLineNumber.activeForeground": colour("--n12"),
      "editorWidget.background": colour("--n3"),
      "editorWidget.border": colour("--n7"),
      "editorCursor.foreground": colour("--accent"),
      "minimap.background": colour("--n2"),
      "quickInput.background": colour("--n3"),
      "quickInputList.focusBackground": colour("--n5"),
      "quickInputList.focusForeground": colour("--n12"),
      "editorSuggestWidget.selectedBackground": colour("--n5"),
      "editorSuggestWidget.selectedForeground": colour("--n12"),
      "list.hoverBackground": colour("--n4"),
      "list.highlightForeground": colour("--accent-ink"),
      "list.focusHighlightForeground": colour("--accent-ink"),
      focusBorder: colour("--accent"),
      "input.background": colour("--n2"),
    },
  });
  monaco.editor.setTheme("ghost");
}
paint();
new MutationObserver(paint).observe(document.documentElement, { attributeFilter: ["data-theme"] });

export { monaco };
