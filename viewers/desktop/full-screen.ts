interface Keyboard {
  lock?: () => Promise<void>;
  unlock?: () => void;
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
    const { keyboard } = page.defaultView?.navigator as { keyboard?: Keyboard };
    await keyboard?.lock?.();
    const left = new AbortController();
    const look = () => {
      if (page.fullscreenElement === element) return;
      left.abort();
      keyboard?.unlock?.();
    };
    page.addEventListener("fullscreenchange", look, { signal: left.signal });
  } catch {
    // A frame without the permission, or a browser without it: the desktop works as it is.
  }
  entered();
}
