interface Keyboard {
  lock?: () => Promise<void>;
}

/** Full screen, and with it the keys that the browser would keep (Escape is held to leave), where it lets a page have them. */
export async function enterFullScreen(element: HTMLElement, entered: () => void): Promise<void> {
  // It may be in a window of its own.
  const page = element.ownerDocument;
  if (page.fullscreenElement) {
    await page.exitFullscreen();
    return;
  }
  try {
    await element.requestFullscreen({ navigationUI: "hide" });
    await (page.defaultView?.navigator as { keyboard?: Keyboard } | undefined)?.keyboard?.lock?.();
  } catch {
    // A frame without the permission, or a browser without it: the desktop works as it is.
  }
  entered();
}
