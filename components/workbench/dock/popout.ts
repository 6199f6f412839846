/** A window of its own has the page's styles, but not what is said at the root: light or dark. */
export function followTheme(opened: Window): void {
  const root = opened.document.documentElement;
  const own = document.documentElement;
  const copy = () => {
    root.dataset["theme"] = own.dataset["theme"];
    root.lang = own.lang;
  };
  copy();
  opened.document.body.style.margin = "0";
  const observer = new MutationObserver(copy);
  observer.observe(own, { attributeFilter: ["data-theme"] });
  opened.addEventListener("pagehide", () => observer.disconnect());
}
