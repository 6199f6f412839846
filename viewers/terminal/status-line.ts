import { button, element } from "../lib/dom.ts";
import type { SessionState } from "./session-state.ts";
import { actionOf, countdownOf, levelOf, wordsOf } from "./status-words.ts";

export interface StatusActions {
  takeControl(): void;
  reconnect(): void;
}

/** One line that says how a terminal is, and what can be done about it. */
export class StatusLine implements Disposable {
  readonly element: HTMLElement;
  readonly #dot = element("span", { class: "dot", "aria-hidden": "true" });
  readonly #phase = element("span", { role: "status", class: "phase" });
  readonly #countdown = element("span", { class: "countdown", "aria-hidden": "true" });
  readonly #facts = element("span", { class: "facts" });
  readonly #act: HTMLButtonElement;
  readonly #actions: StatusActions;
  #state: SessionState | undefined;
  readonly #clock: ReturnType<typeof setInterval>;

  constructor(actions: StatusActions) {
    this.#actions = actions;
    this.#act = element("button", { type: "button", class: "act", click: () => this.#do() });
    this.element = element(
      "div",
      { class: "status-line" },
      this.#dot,
      this.#phase,
      this.#countdown,
      this.#act,
      this.#facts,
    );
    // "in n s" counts down.
    this.#clock = setInterval(() => {
      if (this.#state?.phase.kind === "waiting") this.#draw(this.#state);
    }, 500);
  }

  show(state: SessionState | undefined): void {
    this.#state = state;
    if (state) this.#draw(state);
    else {
      this.#write("idle", "No terminal is open", "", "");
      this.#count("");
    }
  }

  /** Makes the way to control plain to somebody who types in vain. */
  flash(): void {
    this.element.classList.remove("flash");
    this.element.getBoundingClientRect(); // so that it starts again
    this.element.classList.add("flash");
  }

  [Symbol.dispose](): void {
    clearInterval(this.#clock);
    this.element.remove();
  }

  #draw(state: SessionState): void {
    const { phase, viewers, control, cols, rows } = state;
    const attached = phase.kind === "attached";
    const watchers = viewers > 1 ? `${viewers} viewers · ` : "";
    const facts = cols === 0 ? "" : `${attached ? watchers : ""}${cols} × ${rows}`;
    this.#write(levelOf(phase, control), wordsOf(phase, control), actionOf(phase, control) ?? "", facts);
    this.#count(countdownOf(phase, Date.now()));
  }

  #write(level: string, words: string, act: string, facts: string): void {
    this.element.dataset["level"] = level;
    // A live region speaks when its text changes.
    if (this.#phase.textContent !== words) this.#phase.textContent = words;
    this.#act.textContent = act;
    this.#act.hidden = act === "";
    this.#facts.textContent = facts;
  }

  #count(down: string): void {
    this.#countdown.textContent = down;
    this.#countdown.hidden = down === "";
  }

  #do(): void {
    if (this.#state?.phase.kind === "attached") this.#actions.takeControl();
    else this.#actions.reconnect();
  }
}

/** A question above the status line; the answer is no when it goes away unanswered. */
export class QuestionBar {
  readonly element = element("div", { class: "questions" });

  readonly ask = (question: string): Promise<boolean> => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const settle = (allowed: boolean) => {
      bar.remove();
      resolve(allowed);
    };
    const bar = element(
      "div",
      { class: "question", role: "alertdialog", "aria-label": question },
      element("span", {}, question),
      button("Allow", "Allow", () => settle(true), { class: "primary" }),
      button("Refuse", "Refuse", () => settle(false)),
    );
    // One that asks again and again gets no more than this.
    if (this.element.childElementCount < 3) this.element.append(bar);
    else settle(false);
    return promise;
  };
}
