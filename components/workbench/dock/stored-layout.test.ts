import type { SerializedDockview } from "dockview-react";
import { beforeEach, expect, it, vi } from "vitest";
import { forgetLayouts, keepLayout, readLayout } from "./stored-layout.ts";

const layoutOf = (component: string) =>
  ({
    grid: {},
    panels: { one: { id: "one", contentComponent: component } },
  }) as unknown as SerializedDockview;

/** Keys are own properties of it, as in a browser. */
const storage = () =>
  Object.create({
    getItem(this: Record<string, string>, key: string) {
      return this[key] ?? null;
    },
    setItem(this: Record<string, string>, key: string, value: string) {
      this[key] = value;
    },
    removeItem(this: Record<string, string>, key: string) {
      Reflect.deleteProperty(this, key);
    },
  }) as unknown;
beforeEach(() => void vi.stubGlobal("localStorage", storage()));

it("gives back the layout of a cave, and none that cannot be shown", () => {
  keepLayout("a", layoutOf("terminal"));
  keepLayout("b", layoutOf("<script>"));
  expect(readLayout("a")).toEqual(layoutOf("terminal"));
  expect(readLayout("b")).toBeUndefined();
  localStorage.setItem("ghost.workbench.c", "{");
  expect(readLayout("c")).toBeUndefined();
});

it("forgets layouts of caves that are gone, and nothing else", () => {
  keepLayout("a", layoutOf("terminal"));
  keepLayout("gone", layoutOf("terminal"));
  localStorage.setItem("ghost.terminal", "{}");
  forgetLayouts(new Set(["a"]));
  expect([readLayout("a") !== undefined, readLayout("gone")]).toEqual([true, undefined]);
  expect(localStorage.getItem("ghost.terminal")).toBe("{}");
});
