/** Keys that are the dock's wherever the focus is in the page: a terminal and an editor leave them alone. */
export const dockKeys = {
  left: "alt+shift+left",
  right: "alt+shift+right",
  up: "alt+shift+up",
  down: "alt+shift+down",
  maximise: "alt+shift+enter",
  next: "alt+shift+pagedown",
  previous: "alt+shift+pageup",
} as const;

const names = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Enter", "PageUp", "PageDown"]);

interface Pressed {
  readonly key: string;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

export const isDockKey = ({ key, altKey, shiftKey, ctrlKey, metaKey }: Pressed): boolean =>
  altKey && shiftKey && !ctrlKey && !metaKey && names.has(key);
