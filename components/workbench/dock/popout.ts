import { paletteOpen } from "../../palette/store.ts";
import { handleKey } from "../../shortcuts/shortcuts.ts";

/**
 * A window of its own begins with the page's styles. It does not have what is said at the root (light or dark), styles that are loaded later, nor the
 * page's keys.
 */
export function adopt(opened: Window): void {
  const root = opened.document.documentElement;
  const own = document.documentElement;
  const copy = () => {
    root.dataset["theme"] = own.dataset["theme"];
    root.lang = own.lang;
  };
  copy();
  opened.document.body.style.margin = "0";
  const theme = new MutationObserver(copy);
  theme.observe(own, { attributeFilter: ["data-theme"] });
  const styles = new MutationObserver((changes) => {
    for (const { addedNodes } of changes)
      for (const node of addedNodes)
        if (node instanceof Element && node.matches("style, link[rel=stylesheet]"))
          opened.document.head.append(opened.document.importNode(node, true));
  });
  styles.observe(document.head, { childList: true });
  opened.document.addEventListener("keydown", keys);
  opened.addEventListener("pagehide", () => {
    theme.disconnect();
    styles.disconnect();
  });
}

/** Those with Ctrl, Cmd or Alt: plain letters are what somebody types there. The palette opens in the page. */
function keys(event: KeyboardEvent): void {
  if (!event.ctrlKey && !event.metaKey && !event.altKey) return;
  handleKey(event);
  if (paletteOpen.get()) window.focus();
}
