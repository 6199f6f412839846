import { button, element } from "../lib/dom.ts";
import { Emitter } from "../lib/emitter.ts";
import { icon } from "../lib/icons.ts";
import type { TerminalApi } from "./api.ts";
import { keyBar } from "./key-bar.ts";
import { clampFontSize, defaultFontSize, keepSettings, readSettings } from "./settings.ts";
import { StatusLine } from "./status-line.ts";
import { TerminalTab } from "./tab.ts";
import type { ViewSettings } from "./view.ts";
import type { Terminal } from "#contract/inside.ts";

export interface DeskOptions {
  readonly api: TerminalApi;
  readonly resolveLink?: (url: string) => string;
}

const newSize = { cols: 80, rows: 24 };

/** Several terminals of one cave, as tabs, with all that is around them. */
export class TerminalDesk implements Disposable {
  readonly element: HTMLElement;
  /** The terminal that is looked at, or its title, is another. */
  readonly selected = new Emitter<{ id: string; title: string } | undefined>();
  readonly #options: DeskOptions;
  readonly #stack = new DisposableStack();
  readonly #tabs: TerminalTab[] = [];
  readonly #list = element("div", { class: "tabs", role: "tablist", "aria-label": "Terminals" });
  readonly #stage = element("main", { class: "stage" });
  readonly #status: StatusLine;
  readonly #reader: HTMLButtonElement;
  readonly #keys = keyBar(() => this.#current?.view);
  #settings: ViewSettings = readSettings();
  #current: TerminalTab | undefined;
  #unfollow: (() => void)[] = [];

  constructor(options: DeskOptions) {
    this.#options = options;
    this.#status = this.#stack.use(
      new StatusLine({
        takeControl: () => {
          this.#current?.view?.session.takeControl();
          this.#current?.view?.terminal.focus();
        },
        reconnect: () => this.#current?.view?.session.reconnect(),
      }),
    );
    this.#reader = button(
      "Screen reader support",
      icon("speak"),
      () => this.#set({ screenReader: !this.#settings.screenReader }),
      {
        class: "icon",
      },
    );
    const tools = element(
      "div",
      { class: "tools", role: "toolbar", "aria-label": "Terminal tools" },
      button("Find", icon("search"), () => this.#current?.search?.open(), {
        class: "icon",
        hint: "Ctrl-Shift-F",
      }),
      button("Smaller text", "A−", () => this.#resizeText(-1), { class: "icon", hint: "Ctrl −" }),
      button("Larger text", "A+", () => this.#resizeText(1), { class: "icon", hint: "Ctrl +" }),
      this.#reader,
      button("Download the transcript", icon("download"), () => this.#download(), { class: "icon" }),
    );
    this.#list.addEventListener("keydown", (event) => this.#tabKey(event));
    const add = button("New terminal", icon("plus"), () => void this.open(), { class: "icon" });
    this.element = element(
      "div",
      { class: "terminal-desk" },
      element("header", { class: "bar" }, this.#list, add, tools),
      this.#stage,
      this.#keys.element,
      this.#status.element,
    );
    this.#followSystem();
    this.#configure();
    this.#status.show(undefined);
  }

  /** Shows the terminals there are, and the one that was asked for; opens one where there is none. */
  async start(wanted: string | undefined): Promise<void> {
    const present = await this.#options.api.list();
    for (const terminal of present) if (terminal.running || terminal.id === wanted) this.#add(terminal);
    if (this.#select(wanted)) return;
    if (this.#tabs.length === 0) await this.open();
    else this.#select(this.#tabs[0]?.id);
  }

  async open(): Promise<void> {
    const { cols, rows } = this.#current?.view?.terminal ?? newSize;
    try {
      this.#add(await this.#options.api.open({ cols, rows }));
    } catch (error) {
      this.#complain(error);
      return;
    }
    this.#select(this.#tabs.at(-1)?.id);
  }

  /** Changes to the terminal of that id, if it has a tab. */
  async show(id: string): Promise<void> {
    if (this.#select(id)) return;
    const found = (await this.#options.api.list()).find((terminal) => terminal.id === id);
    if (found) this.#add(found);
    this.#select(found?.id);
  }

  [Symbol.dispose](): void {
    for (const forget of this.#unfollow) forget();
    for (const tab of this.#tabs) tab[Symbol.dispose]();
    this.#stack.dispose();
    this.selected.clear();
    this.element.remove();
  }

  #add(terminal: Terminal): void {
    if (this.#tabs.some(({ id }) => id === terminal.id)) return;
    const { resolveLink } = this.#options;
    const tab = new TerminalTab({
      api: this.#options.api,
      terminal,
      settings: () => this.#settings,
      select: () => this.#select(terminal.id),
      close: () => void this.#close(tab),
      view: { onKey: (event) => this.#key(event), ...(resolveLink && { resolveLink }) },
    });
    this.#tabs.push(tab);
    this.#list.append(tab.item);
    this.#stage.append(tab.panel);
  }

  #select(id: string | undefined): boolean {
    const next = this.#tabs.find((tab) => tab.id === id);
    if (!next) return false;
    for (const forget of this.#unfollow.splice(0)) forget();
    this.#keys.released();
    if (this.#current !== next) this.#current?.show(false);
    this.#current = next;
    next.show(true);
    const { view } = next;
    if (view) {
      const follow = () => {
        this.#status.show(view.session.state);
        this.selected.emit({ id: next.id, title: next.title });
      };
      this.#unfollow = [
        view.session.changed.on(follow),
        view.refusedInput.on(() => this.#status.flash()),
        view.controlUsed.on(() => this.#keys.released()),
      ];
      follow();
      view.terminal.focus();
    }
    return true;
  }

  async #close(tab: TerminalTab): Promise<void> {
    const phase = tab.view?.session.state.phase.kind;
    if (phase !== "exited" && phase !== "gone") {
      if (!(await confirmed(`Close ${tab.title}?`, "What runs in it ends."))) return;
      try {
        await this.#options.api.close(tab.id);
      } catch (error) {
        this.#complain(error);
        return;
      }
    }
    const at = this.#tabs.indexOf(tab);
    this.#tabs.splice(at, 1);
    if (this.#current === tab) {
      for (const forget of this.#unfollow.splice(0)) forget();
      this.#current = undefined;
      this.#status.show(undefined);
      this.selected.emit(undefined);
      this.#select((this.#tabs[at] ?? this.#tabs.at(-1))?.id);
    }
    tab[Symbol.dispose]();
  }

  /** Keys that are the desk's rather than the terminal's. */
  #key(event: KeyboardEvent): boolean {
    const command = (event.ctrlKey || event.metaKey) && !event.altKey;
    if (!command) return false;
    const act = (() => {
      if (event.code === "KeyF" && (event.shiftKey || event.metaKey))
        return () => this.#current?.search?.open();
      if (event.code === "KeyM" && event.shiftKey) return () => this.#current?.tab.focus();
      if (event.key === "+" || event.key === "=") return () => this.#resizeText(1);
      if (event.key === "-" && !event.shiftKey) return () => this.#resizeText(-1);
      if (event.key === "0") return () => this.#set({ fontSize: defaultFontSize });
      return undefined;
    })();
    act?.();
    return act !== undefined;
  }

  /** The pattern of tabs: arrows move, and what is moved to is shown. */
  #tabKey(event: KeyboardEvent): void {
    const at = this.#current ? this.#tabs.indexOf(this.#current) : -1;
    if (at < 0) return;
    const count = this.#tabs.length;
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: count - 1 }[event.key];
    if (event.key === "Delete") void this.#close(this.#tabs[at] as TerminalTab);
    else if (to !== undefined) {
      const next = this.#tabs[(to + count) % count];
      this.#select(next?.id);
      next?.tab.focus();
    } else return;
    event.preventDefault();
  }

  #resizeText(by: number): void {
    this.#set({ fontSize: clampFontSize(this.#settings.fontSize + by) });
  }

  #set(change: Partial<ViewSettings>): void {
    this.#settings = { ...this.#settings, ...change };
    keepSettings(this.#settings);
    this.#configure();
  }

  #configure(): void {
    this.#reader.setAttribute("aria-pressed", String(this.#settings.screenReader));
    for (const { view } of this.#tabs) view?.configure(this.#settings);
  }

  /** What the system tells: light or dark, on-line or not, looked at or not. */
  #followSystem(): void {
    const listeners = new AbortController();
    const { signal } = listeners;
    this.#stack.defer(() => listeners.abort());
    matchMedia("(prefers-color-scheme: light)").addEventListener(
      "change",
      ({ matches }) => this.#set({ appearance: matches ? "light" : "dark" }),
      { signal },
    );
    const sessions = () => this.#tabs.flatMap(({ view }) => (view ? [view.session] : []));
    window.addEventListener("online", () => sessions().forEach((session) => session.reconnect()), { signal });
    document.addEventListener(
      "visibilitychange",
      () => sessions().forEach((session) => (session.visible = document.visibilityState === "visible")),
      { signal },
    );
  }

  #download(): void {
    const tab = this.#current;
    if (!tab) return;
    element("a", {
      href: this.#options.api.transcriptUrl(tab.id, "text"),
      download: `${tab.id}.txt`,
    }).click();
  }

  #complain(error: unknown): void {
    const { message, hint } = error as { message: string; hint?: string };
    void confirmed(message, hint ?? "", false);
  }
}

/** A dialog of the page's own: a browser's `confirm` cannot be in a frame. */
async function confirmed(title: string, text: string, asks = true): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const dialog = element(
    "dialog",
    { class: "ghost-dialog", "aria-label": title, close: () => resolve(dialog.returnValue === "yes") },
    element("h2", {}, title),
    element("p", {}, text),
    element(
      "div",
      { class: "answers" },
      ...(asks ? [button("Cancel", "Cancel", () => dialog.close("no"))] : []),
      button(asks ? "Close it" : "Understood", asks ? "Close it" : "OK", () => dialog.close("yes"), {
        class: "primary",
      }),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return promise.finally(() => dialog.remove());
}
