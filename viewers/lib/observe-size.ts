/** Tells when an element has another size. The window that it is in observes it: a page that nobody sees tells of nothing. */
export function observeSize(element: Element, changed: () => void): () => void {
  const { ResizeObserver } = element.ownerDocument.defaultView ?? window;
  const observer = new ResizeObserver(changed);
  observer.observe(element);
  return () => observer.disconnect();
}
