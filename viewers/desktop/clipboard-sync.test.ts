import { beforeEach, expect, it, vi } from "vitest";
import { ClipboardSync, type ClipboardState, type ClipboardWindow } from "./clipboard-sync.ts";

/** As much of a browser as clipboards need. */
function browser(permission: "granted" | "prompt" | "denied") {
  const stored = new Map<string, string>();
  const events = new EventTarget();
  const state = { text: "", focus: true, refuses: permission === "denied" };
  const refuse = () => {
    if (state.refuses) throw new Error("NotAllowedError");
  };
  const window = {
    addEventListener: events.addEventListener.bind(events),
    document: { hasFocus: () => state.focus },
    localStorage: {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => stored.set(key, value),
    },
    navigator: {
      permissions: { query: () => Promise.resolve({ state: permission }) },
      clipboard: {
        readText: async () => (refuse(), Promise.resolve(state.text)),
        writeText: async (text: string) => (refuse(), Promise.resolve(void (state.text = text))),
      },
    },
  } as unknown as ClipboardWindow;
  return { state, window, focus: () => events.dispatchEvent(new Event("focus")) };
}

let cave: string[];
let works: boolean;
let shown: ClipboardState;
const open = (window: ClipboardWindow) =>
  new ClipboardSync({
    ...{ window, paste: (text) => cave.push(text), works: () => works },
    onChange: (state) => (shown = state),
  });
beforeEach(() => {
  [cave, works] = [[], true];
  shown = { text: "", kept: false, note: "" };
});

it("keeps both the same by itself where the browser was told to let it", async () => {
  const { state, window, focus } = browser("granted");
  state.text = "outside";
  const sync = open(window);
  await vi.waitFor(() => expect(cave).toEqual(["outside"]));
  sync.received("inside");
  await vi.waitFor(() => expect(state.text).toBe("inside"));
  state.text = "outside again";
  focus();
  await vi.waitFor(() => expect(cave).toEqual(["outside", "outside again"]));
  expect(shown).toMatchObject({ text: "outside again", kept: true });
});

it("does nothing unasked where it was not, and asks when told to", async () => {
  const { state, window } = browser("prompt");
  state.text = "secret";
  const sync = open(window);
  sync.received("inside");
  await sync.look();
  expect([cave, state.text, shown.kept]).toEqual([[], "secret", false]);
  sync.keep(true);
  await vi.waitFor(() => expect(cave).toEqual(["secret"]));
});

it("moves nothing either way while nobody works there, and then only what changed since", async () => {
  const { state, window } = browser("granted");
  state.text = "first";
  const sync = open(window);
  await vi.waitFor(() => expect(cave).toEqual(["first"]));
  works = false;
  sync.received("copied by an agent");
  state.text = "first";
  await sync.look();
  expect([cave, state.text]).toEqual([["first"], "first"]);
  works = true;
  await sync.look();
  // What was copied last wins: the browser's is older.
  expect([cave, state.text]).toEqual([["first"], "copied by an agent"]);
  state.focus = false;
  state.text = "of another window";
  await sync.look();
  expect(cave).toEqual(["first"]);
});

it("remembers a no, and gives up where the browser refuses", async () => {
  const { state, window } = browser("granted");
  state.text = "outside";
  const sync = open(window);
  await vi.waitFor(() => expect(cave).toEqual(["outside"]));
  sync.keep(false);
  sync.dispose();
  const later = open(window);
  await later.look();
  later.received("inside");
  expect([cave, state.text]).toEqual([["outside"], "outside"]);
  state.refuses = true;
  later.keep(true);
  await vi.waitFor(() => expect(shown.note).toContain("does not let this page read"));
  expect(shown.kept).toBe(false);
  expect(await later.copy("x")).toBe(false);
});

it("sends by hand what the cave takes", () => {
  const sync = open(browser("prompt").window);
  sync.send("é".repeat(140_000));
  expect([cave, shown.note]).toEqual([[], "That is 274 KB; the cave's clipboard takes 256 KB."]);
  sync.send("small");
  expect(cave).toEqual(["small"]);
});
