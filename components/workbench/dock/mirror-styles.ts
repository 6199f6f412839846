/**
 * Keeps the page's styles in another window, whatever becomes of them: what is loaded later, and what scripts write anew, as Monaco does with its
 * colours. The dock's own copies are of one moment.
 */
export function mirrorStyles(to: Document): () => void {
  for (const one of to.head.querySelectorAll("style")) one.remove();
  const links = new Set(Array.from(to.head.querySelectorAll("link"), ({ href }) => href));
  const copies = new Map<HTMLStyleElement, HTMLStyleElement>();

  function copyLink({ href }: HTMLLinkElement): void {
    if (links.has(href)) return;
    links.add(href);
    const link = to.createElement("link");
    to.head.append(Object.assign(link, { rel: "stylesheet", href }));
  }
  function copyStyle(own: HTMLStyleElement): void {
    let copy = copies.get(own);
    if (!copy) {
      copy = to.createElement("style");
      copies.set(own, copy);
      to.head.append(copy);
    }
    // Not its text: rules may have been put in one by one.
    const text = Array.from(own.sheet?.cssRules ?? [], ({ cssText }) => cssText).join("\n");
    if (copy.textContent !== text) copy.textContent = text;
  }
  function copyAll(): void {
    for (const [own, copy] of copies) {
      if (own.isConnected) continue;
      copy.remove();
      copies.delete(own);
    }
    for (const one of document.head.querySelectorAll("style, link[rel=stylesheet]")) {
      if (one instanceof HTMLStyleElement) copyStyle(one);
      else if (one instanceof HTMLLinkElement) copyLink(one);
    }
  }

  copyAll();
  const observer = new MutationObserver(copyAll);
  observer.observe(document.head, { childList: true, subtree: true, characterData: true });
  return () => observer.disconnect();
}
