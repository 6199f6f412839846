import type { DesktopState } from "./desktop-view.ts";
import { button, element } from "./dom.ts";

const steps = {
  gateway: "Connecting to the cave",
  desktop: "Starting the desktop",
  picture: "Waiting for the first picture",
} as const;

/** What stands where there is no picture: how far it is, or why there is none and what can be done. */
export class Status {
  readonly element = element("div", { class: "desktop-status", role: "status" });
  readonly #again: () => void;

  constructor(again: () => void) {
    this.#again = again;
  }

  show(state: DesktopState): void {
    this.element.hidden = state.kind === "live";
    switch (state.kind) {
      case "live":
        this.element.replaceChildren();
        return;
      case "opening":
        this.element.replaceChildren(stepList(state.step));
        return;
      case "waiting":
        this.element.replaceChildren(
          element("p", {}, state.cause),
          element("p", {}, `Trying again in ${Math.ceil(state.againInMs / 1000)} s.`),
          button("Try now", this.#again),
        );
        return;
      case "ended":
        this.element.replaceChildren(element("p", {}, state.cause), button("Try again", this.#again));
    }
  }
}

function stepList(current: keyof typeof steps): HTMLElement {
  const names = Object.keys(steps) as (keyof typeof steps)[];
  const at = names.indexOf(current);
  return element(
    "ol",
    { class: "desktop-steps" },
    ...names.map((name, i) =>
      element(
        "li",
        { "data-step": i < at ? "done" : "open", ...(i === at && { "aria-current": "step" }) },
        `${steps[name]}${i === at ? "…" : ""}`,
      ),
    ),
  );
}
