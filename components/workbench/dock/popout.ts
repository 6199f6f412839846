import { paletteOpen } from "../../palette/store.ts";
import { handleKey } from "../../shortcuts/shortcuts.ts";
import { mirrorStyles } from "./mirror-styles.ts";

let windows = 1;

/** A window of its own has neither what is said at the page's root (light or dark), nor its styles for long, nor its keys. */
export function adopt(opened: Window): void {
  const root = opened.document.documentElement;
  const own = document.documentElement;
  const copy = () => {
    root.dataset["theme"] = own.dataset["theme"];
    root.lang = own.lang;
  };
  copy();
  opened.document.body.style.margin = "0";
  // Monaco tells windows apart by this, the page is 1: what it has still to draw in one that closes it would wait for in the next.
  Object.defineProperty(opened, "vscodeWindowId", { value: ++windows });
  const theme = new MutationObserver(copy);
  theme.observe(own, { attributeFilter: ["data-theme"] });
  const stopStyles = mirrorStyles(opened.document);
  opened.document.addEventListener("keydown", keys);
  opened.addEventListener("pagehide", () => {
    theme.disconnect();
    stopStyles();
  });
}

/** Those with Ctrl, Cmd or Alt: plain letters are what somebody types there. The palette opens in the page. */
function keys(event: KeyboardEvent): void {
  if (!event.ctrlKey && !event.metaKey && !event.altKey) return;
  handleKey(event);
  if (paletteOpen.get()) window.focus();
}
