import RFB from "@novnc/novnc";
import type { DesktopMode } from "#contract/desktop.ts";

export type Sizing = "fit" | "resize" | "actual";

/** JPEG quality and compression as noVNC has them, 0 to 9. */
export interface Quality {
  quality: number;
  compression: number;
}

export interface ConnectionOptions {
  element: HTMLElement;
  url: string;
  mode: DesktopMode;
  sizing: Sizing;
  quality: Quality;
  onStep: (step: "desktop" | "picture") => void;
  onPicture: () => void;
  onClipboard: (text: string) => void;
  onClose: (event: CloseEvent, opened: boolean) => void;
}

/** One WebSocket and what it draws. */
export class Connection {
  readonly #frame = document.createElement("div");
  readonly #socket: WebSocket;
  readonly #rfb: RFB;
  readonly #over = new AbortController();
  #disconnected = false;

  constructor(options: ConnectionOptions) {
    const { element, mode } = options;
    this.#frame.className = "desktop-frame";
    this.#frame.style.visibility = "hidden";
    element.append(this.#frame);
    this.#socket = new WebSocket(options.url, "binary");
    this.#rfb = new RFB(this.#frame, this.#socket, { shared: true });
    if (element.ownerDocument !== document) captureThere(this.#frame);
    this.#rfb.background = "transparent";
    this.#rfb.showDotCursor = true;
    this.viewOnly = mode === "view";
    this.setQuality(options.quality);
    this.size(options.sizing);
    this.#watch(options);
  }

  set viewOnly(only: boolean) {
    this.#rfb.viewOnly = only;
  }

  size(sizing: Sizing): void {
    this.#rfb.scaleViewport = sizing === "fit";
    this.#rfb.resizeSession = sizing === "resize";
  }

  setQuality({ quality, compression }: Quality): void {
    this.#rfb.qualityLevel = quality;
    this.#rfb.compressionLevel = compression;
  }

  focus(): void {
    this.#rfb.focus({ preventScroll: true });
  }

  ctrlAltDel(): void {
    this.#rfb.sendCtrlAltDel();
  }

  paste(text: string): void {
    this.#rfb.clipboardPasteFrom(text);
  }

  screenshot(): Promise<Blob | undefined> {
    return new Promise((resolve) => this.#rfb.toBlob((blob) => resolve(blob ?? undefined), "image/png"));
  }

  dispose(): void {
    if (this.#over.signal.aborted) return;
    this.#over.abort();
    if (!this.#disconnected) this.#rfb.disconnect();
    this.#socket.close();
    this.#frame.remove();
  }

  #watch({ mode, onStep, onPicture, onClipboard, onClose }: ConnectionOptions): void {
    const { signal } = this.#over;
    let opened = false;
    this.#socket.addEventListener(
      "open",
      () => {
        opened = true;
        onStep("desktop");
      },
      { signal },
    );
    this.#socket.addEventListener("close", (event) => onClose(event, opened), { signal });
    this.#rfb.addEventListener("connect", () => {
      if (signal.aborted) return;
      onStep("picture");
      // What the server sends next are the first pixels; noVNC draws them with the next frame.
      this.#socket.addEventListener(
        "message",
        () =>
          requestAnimationFrame(() => {
            if (signal.aborted) return;
            this.#frame.style.visibility = "";
            onPicture();
            if (mode === "control") this.focus();
          }),
        { signal, once: true },
      );
    });
    this.#rfb.addEventListener("disconnect", () => (this.#disconnected = true));
    this.#rfb.addEventListener("clipboard", ({ detail }) => {
      if (!signal.aborted) onClipboard(detail.text);
    });
  }
}

/** In a window of its own: noVNC would wait for the button's release in the page, and take the pointer there until it comes. */
function captureThere(frame: HTMLElement): void {
  const canvas = frame.querySelector("canvas");
  if (!canvas) return;
  Object.assign(canvas, { setCapture: () => undefined });
  canvas.addEventListener("pointerdown", ({ pointerId }) => canvas.setPointerCapture(pointerId));
}
