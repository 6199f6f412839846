import type { Terminal } from "@xterm/xterm";
import { beforeEach, expect, it, vi } from "vitest";
import { Renderer } from "./renderer.ts";

const addon = vi.hoisted(() => ({
  fails: false,
  made: 0,
  disposed: 0,
  lose: (): void => undefined,
}));
vi.mock("@xterm/addon-webgl", () => ({
  WebglAddon: class {
    constructor() {
      if (addon.fails) throw new Error("WebGL2 not supported");
      addon.made++;
    }
    onContextLoss(lost: () => void) {
      addon.lose = lost;
    }
    dispose() {
      addon.disposed++;
    }
  },
}));
const terminal = { loadAddon: () => undefined } as unknown as Terminal;

/** A browser that draws with it, or has no WebGL. */
function drawnBy(name: string | undefined): void {
  const context = { RENDERER: 1, getExtension: () => null, getParameter: () => name };
  const canvas = { getContext: () => (name === undefined ? null : context) };
  vi.stubGlobal("document", { createElement: () => canvas });
}
beforeEach(() => {
  Object.assign(addon, { fails: false, made: 0, disposed: 0 });
  drawnBy("ANGLE (Intel, Mesa Intel UHD, OpenGL 4.6)");
});

it("draws with the graphics card while it is looked at", async () => {
  using renderer = new Renderer(terminal);
  await renderer.accelerate(true);
  expect(renderer.kind).toBe("webgl");
  await renderer.accelerate(false);
  expect([renderer.kind, addon.disposed]).toEqual(["dom", 1]);
  await renderer.accelerate(true);
  expect([renderer.kind, addon.made]).toEqual(["webgl", 2]);
});

it.each([undefined, "ANGLE (Google, Vulkan 1.3 (SwiftShader Device))", "llvmpipe (LLVM 19, 256 bits)"])(
  "leaves it to the DOM with %s",
  async (name) => {
    drawnBy(name);
    using renderer = new Renderer(terminal);
    await renderer.accelerate(true);
    expect([renderer.kind, addon.made]).toEqual(["dom", 0]);
  },
);

it("goes on with the DOM when the card is refused, or taken away", async () => {
  addon.fails = true;
  using refused = new Renderer(terminal);
  await refused.accelerate(true);
  expect(refused.kind).toBe("dom");

  addon.fails = false;
  using renderer = new Renderer(terminal);
  await renderer.accelerate(true);
  addon.lose();
  expect([renderer.kind, addon.disposed]).toEqual(["dom", 1]);
  await renderer.accelerate(true);
  expect([renderer.kind, addon.made]).toEqual(["dom", 1]);
});

it("takes no card for a terminal that went out of sight meanwhile", async () => {
  using renderer = new Renderer(terminal);
  const accelerating = renderer.accelerate(true);
  await renderer.accelerate(false);
  await accelerating;
  expect([renderer.kind, addon.made]).toEqual(["dom", 0]);
});
