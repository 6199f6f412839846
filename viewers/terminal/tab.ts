import { button, element } from "../lib/dom.ts";
import { icon } from "../lib/icons.ts";
import type { TerminalApi } from "./api.ts";
import { lookFor } from "./look.ts";
import { SearchBox } from "./search-box.ts";
import { QuestionBar } from "./status-line.ts";
import { TerminalView, type ViewOptions, type ViewSettings } from "./view.ts";
import type { Terminal } from "#contract/inside.ts";

export interface TabOptions {
  readonly api: TerminalApi;
  readonly terminal: Terminal;
  readonly settings: () => ViewSettings;
  readonly select: () => void;
  readonly close: () => void;
  readonly view: Pick<ViewOptions, "resolveLink" | "onKey">;
}

/** One of several terminals: what is seen of it among the tabs, and the panel with its view, which is made when it is first selected. */
export class TerminalTab implements Disposable {
  readonly id: string;
  readonly tab: HTMLButtonElement;
  readonly item: HTMLElement;
  readonly panel: HTMLElement;
  readonly #name: string;
  readonly #options: TabOptions;
  readonly #label = element("span", { class: "label" });
  #view: TerminalView | undefined;
  #search: SearchBox | undefined;

  constructor(options: TabOptions) {
    const { id, name, title = "" } = options.terminal;
    this.id = id;
    this.#name = name;
    this.#options = options;
    this.tab = element(
      "button",
      { type: "button", role: "tab", id: `tab-${id}`, "aria-controls": `panel-${id}`, click: options.select },
      this.#label,
    );
    this.item = element(
      "div",
      {
        class: "tab",
        role: "presentation",
        auxclick: (event) => (event as MouseEvent).button === 1 && options.close(),
      },
      this.tab,
      button("Close terminal", icon("close"), options.close, { class: "icon close", tabindex: "-1" }),
    );
    this.panel = element("div", {
      ...{ class: "panel", role: "tabpanel", id: `panel-${id}`, "aria-labelledby": `tab-${id}` },
      hidden: true,
    });
    this.#entitle(title);
  }

  get view(): TerminalView | undefined {
    return this.#view;
  }

  get search(): SearchBox | undefined {
    return this.#search;
  }

  get title(): string {
    return this.#label.textContent;
  }

  show(shown: boolean): void {
    this.panel.hidden = !shown;
    this.tab.setAttribute("aria-selected", String(shown));
    this.tab.tabIndex = shown ? 0 : -1;
    this.item.classList.toggle("selected", shown);
    if (shown) this.#view ??= this.#open();
    this.#view?.show(shown);
  }

  [Symbol.dispose](): void {
    this.#view?.[Symbol.dispose]();
    this.item.remove();
    this.panel.remove();
  }

  #open(): TerminalView {
    const { api, settings, view: more } = this.#options;
    const questions = new QuestionBar();
    const host = element("div", { class: "host" });
    this.panel.append(element("div", { class: "frame" }, host), questions.element);
    const view = new TerminalView(host, {
      ...more,
      url: (since) => api.socketUrl(this.id, since),
      look: (signal) => lookFor((signal) => api.list(signal), this.id, signal),
      ask: questions.ask,
      settings: settings(),
    });
    this.#search = new SearchBox(view);
    this.panel.append(this.#search.element);
    view.terminal.textarea?.setAttribute("aria-label", `${this.#name}. Ctrl-Shift-M leaves the terminal.`);
    view.session.changed.on(({ title }) => this.#entitle(title));
    return view;
  }

  #entitle(title: string): void {
    this.#label.textContent = title === "" ? this.#name : title;
    this.tab.title = title === "" ? this.#name : `${title} (${this.#name})`;
  }
}
