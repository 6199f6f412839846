import { Clipboard } from "./clipboard.ts";
import type { Sizing } from "./connection.ts";
import { DesktopView, type DesktopState, type DesktopViewOptions } from "./desktop-view.ts";
import { button, choice, element } from "./dom.ts";
import { enterFullScreen } from "./full-screen.ts";
import { Status } from "./status.ts";
import type { DesktopMode } from "#contract/desktop.ts";

const sizings = { fit: "Fit to window", resize: "Resize the desktop", actual: "Actual size" } as const;
const qualities = {
  balanced: { text: "Balanced", quality: 6, compression: 2 },
  sharp: { text: "Sharp", quality: 9, compression: 1 },
  slow: { text: "Slow line", quality: 2, compression: 9 },
} as const;
type QualityName = keyof typeof qualities;

export interface DesktopPanelOptions extends Pick<DesktopViewOptions, "url" | "mode" | "explain"> {
  /** Filled with it. */
  element: HTMLElement;
  /** Whose desktop it is. */
  name: string;
}

/** A desktop with all its controls. */
export class DesktopPanel {
  readonly view: DesktopView;
  readonly #root: HTMLElement;
  readonly #status: Status;
  readonly #clipboard: Clipboard;
  readonly #modes: Record<DesktopMode, HTMLButtonElement>;
  readonly #name = element("span", { class: "desktop-name" });
  /** What makes no sense without control. */
  readonly #controls: (HTMLButtonElement | HTMLOptionElement)[];
  readonly #sizing: HTMLSelectElement;
  #live: HTMLButtonElement[] = [];

  constructor(options: DesktopPanelOptions) {
    this.name = options.name;
    const stage = element("div", { class: "desktop-stage" });
    this.#status = new Status(() => this.view.reconnect());
    this.#clipboard = new Clipboard({
      paste: (text) => this.view.paste(text),
      works: () => this.#root.dataset["state"] === "live" && this.view.mode === "control",
    });
    this.#modes = {
      view: button("View", () => this.#setMode("view"), { title: "Only look; the gateway drops all input" }),
      control: button("Control", () => this.#setMode("control")),
    };
    const keys = button("Ctrl Alt Del", () => this.view.ctrlAltDel());
    this.#sizing = choice("Size", sizings, (sizing: Sizing) => {
      this.view.sizing = sizing;
    });
    const clipboard = button(
      "Clipboard",
      () => clipboard.setAttribute("aria-pressed", String(this.#clipboard.toggle())),
      { "aria-pressed": "false" },
    );
    const screenshot = button("Screenshot", () => void this.#screenshot());
    const fullScreen = button("Full screen", () => void enterFullScreen(stage, () => this.view.focus()));
    const resize = this.#sizing.querySelector<HTMLOptionElement>('option[value="resize"]');
    this.#controls = [keys, clipboard, ...(resize ? [resize] : [])];
    this.#live = [keys, screenshot];
    this.#root = element(
      "main",
      { class: "desktop" },
      element(
        "div",
        { class: "desktop-bar", role: "toolbar", "aria-label": "Desktop" },
        this.#name,
        element(
          "div",
          { class: "desktop-group", role: "group", "aria-label": "Mode" },
          this.#modes.view,
          this.#modes.control,
        ),
        this.#sizing,
        choice(
          "Quality",
          mapValues(qualities, ({ text }) => text),
          (name: QualityName) => {
            this.view.quality = qualities[name];
          },
        ),
        clipboard,
        keys,
        screenshot,
        fullScreen,
      ),
      stage,
    );
    stage.append(this.#status.element, this.#clipboard.panel);
    options.element.append(this.#root);
    this.view = new DesktopView({
      ...options,
      element: stage,
      onState: (state) => this.#show(state),
      onClipboard: (text) => this.#clipboard.received(text),
    });
  }

  set name(name: string) {
    this.#name.textContent = name;
  }

  dispose(): void {
    this.view.dispose();
    this.#clipboard.dispose();
    this.#root.remove();
  }

  #setMode(mode: DesktopMode): void {
    // Only who controls may change the size that all others see.
    if (mode === "view" && this.#sizing.value === "resize") {
      this.#sizing.value = "fit";
      this.view.sizing = "fit";
    }
    this.view.mode = mode;
  }

  #show(state: DesktopState): void {
    this.#root.dataset["state"] = state.kind;
    this.#status.show(state);
    this.#clipboard.look();
    this.#mark(state.kind === "live" ? state.mode : undefined);
  }

  /** `mode`: the one that is in force; absent: none is. */
  #mark(mode: DesktopMode | undefined): void {
    for (const [name, toggle] of Object.entries(this.#modes))
      toggle.setAttribute("aria-pressed", String(name === mode));
    for (const control of this.#controls) control.disabled = mode === "view";
    if (mode === undefined) for (const control of this.#live) control.disabled = true;
    else
      for (const control of this.#live)
        control.disabled = mode === "view" && this.#controls.includes(control);
  }

  async #screenshot(): Promise<void> {
    const blob = await this.view.screenshot();
    if (!blob) return;
    const url = URL.createObjectURL(blob);
    const time = new Date().toISOString().slice(0, 19).replaceAll(":", "-");
    element("a", { href: url, download: `${this.#name.textContent}-${time}.png` }).click();
    URL.revokeObjectURL(url);
  }
}

function mapValues<K extends string, V, W>(
  given: Readonly<Record<K, V>>,
  map: (value: V) => W,
): Record<K, W> {
  return Object.fromEntries(Object.entries<V>(given).map(([name, value]) => [name, map(value)])) as Record<
    K,
    W
  >;
}
