import type { Terminal } from "@xterm/xterm";

/** WebGL without a graphics card: slower than the DOM. */
const software = /swiftshader|llvmpipe|softpipe|software|basic render/i;

/**
 * Draws with WebGL while the terminal is looked at: a page has only some sixteen contexts. Where there is none, or it is lost, the DOM renderer
 * goes on by itself.
 */
export class Renderer implements Disposable {
  readonly #terminal: Terminal;
  #addon: { dispose(): void } | undefined;
  #wanted = false;
  #failed = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  get kind(): "webgl" | "dom" {
    return this.#addon ? "webgl" : "dom";
  }

  async accelerate(wanted: boolean): Promise<void> {
    this.#wanted = wanted;
    if (!wanted) {
      this.#drop();
      return;
    }
    if (this.#addon || this.#failed) return;
    if (!hasWebGl()) {
      this.#failed = true;
      return;
    }
    const { WebglAddon } = await import("@xterm/addon-webgl");
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- both may have changed during the import
    if (!this.#wanted || this.#addon) return;
    try {
      const addon = new WebglAddon();
      addon.onContextLoss(() => {
        this.#failed = true;
        this.#drop();
      });
      this.#terminal.loadAddon(addon);
      this.#addon = addon;
    } catch {
      this.#failed = true;
    }
  }

  [Symbol.dispose](): void {
    this.#wanted = false;
    this.#drop();
  }

  #drop(): void {
    this.#addon?.dispose();
    this.#addon = undefined;
  }
}

function hasWebGl(): boolean {
  const context = document.createElement("canvas").getContext("webgl2");
  if (!context) return false;
  const name: unknown = context.getParameter(
    context.getExtension("WEBGL_debug_renderer_info")?.UNMASKED_RENDERER_WEBGL ?? context.RENDERER,
  );
  context.getExtension("WEBGL_lose_context")?.loseContext();
  return !software.test(String(name));
}
