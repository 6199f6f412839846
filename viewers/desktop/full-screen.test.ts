import { expect, it } from "vitest";
import { enterFullScreen } from "./full-screen.ts";

/** A page as far as full screen goes: the change is told of after the promise, as browsers do. */
class Page extends EventTarget {
  fullscreenElement: unknown = null;
  readonly told: string[] = [];
  readonly defaultView = {
    navigator: { keyboard: { lock: () => this.#tell("lock"), unlock: () => this.#tell("unlock") } },
  };
  readonly element = {
    ownerDocument: this,
    requestFullscreen: () => this.change(this.element),
  } as unknown as HTMLElement;
  exitFullscreen = () => this.change(null);

  change(to: unknown): Promise<void> {
    this.fullscreenElement = to;
    queueMicrotask(() => queueMicrotask(() => this.dispatchEvent(new Event("fullscreenchange"))));
    return Promise.resolve();
  }
  #tell(what: string): Promise<void> {
    this.told.push(what);
    return Promise.resolve();
  }
}

it("has the keys of the browser in full screen, and gives them back however it is left", async () => {
  const page = new Page();
  const enter = () => enterFullScreen(page.element, () => page.told.push("entered"));
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  await enter();
  await settled();
  expect(page.told).toEqual(["lock", "entered"]);

  await page.change(null); // Escape, held
  await settled();
  expect(page.told).toEqual(["lock", "entered", "unlock"]);

  await enter();
  await settled();
  await enter(); // the button again
  await settled();
  expect(page.told.slice(3)).toEqual(["lock", "entered", "unlock"]);
});

it("works where a browser gives neither", async () => {
  const told: string[] = [];
  const refuses = { ownerDocument: {}, requestFullscreen: () => Promise.reject(new TypeError("refused")) };
  await enterFullScreen(refuses as unknown as HTMLElement, () => told.push("entered"));
  const page = new Page();
  Object.assign(page.defaultView.navigator, { keyboard: undefined });
  await enterFullScreen(page.element, () => told.push("entered"));
  expect(told).toEqual(["entered", "entered"]);
  expect(page.fullscreenElement).toBe(page.element);
});
