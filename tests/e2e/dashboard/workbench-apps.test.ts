import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../../support/browser.ts";
import { accessibilityProblems, keepPicture, lookAt } from "../../support/dashboard-visit.ts";
import { type GatewayProcess, startGateway } from "../../support/gateway-process.ts";
import { hotApp } from "../../support/hot-app.ts";

const soon = { timeout: 30_000, interval: 200 };
const slow = { timeout: 90_000 };
const name = "studio";

/** The apps of the full image in the workbench's frames, and the workbench where there is little room. */
describe("the workbench's apps", () => {
  const stack = new AsyncDisposableStack();
  let ghost: GatewayProcess;
  let browser: Browser;
  let context: BrowserContext | undefined;

  beforeAll(async () => {
    ghost = stack.use(await startGateway());
    ({ browser } = stack.use(await launchBrowser()));
    await ghost.client.caves.create({ body: { name, image: "ghost/cave:full" } });
  });
  // Or a terminal would stay under the control of somebody who is not there any more.
  afterEach(() => context?.close());
  afterAll(() => stack.disposeAsync());

  async function visit(options: { width: number; height: number; theme: "dark" | "light" }): Promise<Page> {
    const { width, height, theme } = options;
    context = await browser.newContext({
      viewport: { width, height },
      colorScheme: theme,
      reducedMotion: "reduce",
      ...(width < 600 && { hasTouch: true, isMobile: true }),
    });
    const page = await context.newPage();
    await page.goto(await ghost.signInUrl());
    await page.getByRole("navigation", { name: "Pages" }).waitFor();
    await page.goto(`${ghost.url}/caves/${name}`);
    await page.getByText("Connected", { exact: true }).first().waitFor(slow);
    return page;
  }
  const run = async (command: string) => {
    const { stdout } = await ghost.client.exec.run({ params: { cave: name }, body: { command } });
    return stdout.trim();
  };
  const layout = async (page: Page, label: string) => {
    await page.getByRole("button", { name: "Layout" }).click();
    await page.getByRole("menuitem", { name: label }).first().click();
  };

  const open = async (page: Page, panel: string) => {
    await page.getByRole("button", { name: "Panel", exact: true }).click();
    await page.getByRole("menuitem", { name: panel, exact: true }).click();
  };

  it("runs a notebook's kernel in a frame", async () => {
    const page = await visit({ width: 1440, height: 900, theme: "light" });
    await layout(page, "Terminal only");
    await open(page, "Jupyter");
    const jupyter = page.frameLocator(`iframe[title="Jupyter of ${name}"]`);
    await jupyter.locator('.jp-LauncherCard[data-category="Notebook"][title^="Python"]').click(slow);
    const notebook = jupyter.locator(".jp-NotebookPanel:not(.lm-mod-hidden)");
    const cell = notebook.locator(".cm-content").first();
    await cell.click(slow);
    await page.keyboard.type("6 * 7");
    // What is run before there is a kernel is not run. The notebook's own indicator says "idle" before there is one, and goes into a menu where
    // the frame is too narrow for it: the status bar does neither.
    await jupyter.getByText(/ \| Idle$/).waitFor(slow);
    await cell.press("Shift+Enter");
    await notebook.locator(".jp-OutputArea-output", { hasText: "42" }).waitFor(slow);
    await keepPicture(page, "workbench-jupyter-light");
  });

  it("keeps a preview and the control of a desktop while the gateway is killed and comes back", async () => {
    await ghost.client.files.write({
      params: { cave: name },
      query: { path: "hot/server.mjs", mkdirs: true },
      body: hotApp,
    });
    await run("cd hot && echo one > page.txt");
    await ghost.client.processes.start({
      params: { cave: name },
      body: { command: "cd /workspace/hot && exec /opt/ghost/node/bin/node server.mjs" },
    });
    const page = await visit({ width: 1440, height: 900, theme: "dark" });
    await layout(page, "Agent watch");
    await page.getByRole("button", { name: "Take control" }).click(slow);
    await page.getByText("You have control").waitFor(slow);

    // Both clipboards, through the panel that every browser has.
    await page.getByRole("button", { name: "Clipboard", exact: true }).click();
    const clipboard = page.getByRole("textbox", { name: "The cave's clipboard" });
    await clipboard.fill("into-the-cave");
    await page.getByRole("button", { name: "Send to the cave" }).click();
    await expect
      .poll(() => run("DISPLAY=:1 xclip -o -selection clipboard 2>/dev/null"), soon)
      .toBe("into-the-cave");
    await run("printf from-the-cave | DISPLAY=:1 xclip -i -selection clipboard >/dev/null 2>&1");
    await expect.poll(() => clipboard.inputValue(), soon).toBe("from-the-cave");

    // And by itself once it may, for as long as somebody works there.
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin: ghost.url });
    await page.evaluate("navigator.clipboard.writeText('brought along')");
    await page.getByRole("checkbox", { name: "Keep both clipboards the same" }).click();
    await page.getByRole("button", { name: "Close the clipboard" }).click();
    await page.locator("[data-desktop=live] canvas").first().focus();
    await expect
      .poll(() => run("DISPLAY=:1 xclip -o -selection clipboard 2>/dev/null"), soon)
      .toBe("brought along");
    await run("printf 'taken home' | DISPLAY=:1 xclip -i -selection clipboard >/dev/null 2>&1");
    await expect.poll(() => page.evaluate("navigator.clipboard.readText()"), soon).toBe("taken home");

    await page.getByRole("button", { name: "Full screen" }).click();
    const full = () => page.evaluate("document.fullscreenElement !== null");
    await expect.poll(full, soon).toBe(true);
    await page.evaluate("document.exitFullscreen()");
    await expect.poll(full, soon).toBe(false);

    // The desktop takes the panel's size, and its own again.
    const size = () => run("DISPLAY=:1 xdpyinfo | awk '/dimensions/ { print $2 }'");
    const before = await size();
    await page.getByRole("combobox", { name: "Size" }).selectOption("resize");
    await expect.poll(size, soon).not.toBe(before);

    // And that of a window of its own, where it goes on as it was; the pointer comes back with it.
    const inPage = await size();
    const opening = page.waitForEvent("popup");
    const desktop = page.getByRole("group", { name: "Panel Desktop" });
    await desktop.getByRole("button", { name: "Open in a window" }).click();
    const popup = await opening;
    await popup.getByText("You have control").waitFor(slow);
    expect(await popup.getByRole("combobox", { name: "Size" }).inputValue()).toBe("resize");
    await popup.setViewportSize({ width: 800, height: 600 });
    await expect.poll(size, soon).toMatch(/^800x/);
    await popup.mouse.click(400, 300);
    await popup.getByRole("button", { name: "Back into the page" }).click();
    await page.getByText("You have control").waitFor(slow);
    await expect.poll(size, soon).toBe(inPage);
    await page.getByRole("tab", { name: "Desktop" }).click();
    await page.getByRole("combobox", { name: "Size" }).selectOption("fit");
    await page.getByRole("combobox", { name: "Quality" }).selectOption("slow");

    // Beside it a page, as wide as a phone.
    await open(page, "Preview");
    await page.getByRole("textbox", { name: "Address" }).fill("localhost:4321/");
    await page.keyboard.press("Enter");
    const frame = page.frameLocator(`iframe[title="Preview of port 4321 of ${name}"]`);
    await frame.getByRole("heading", { name: "one" }).waitFor(slow);
    await page.getByRole("button", { name: "Phone, 390 px" }).click();
    await expect.poll(() => frame.locator("html").evaluate("innerWidth"), soon).toBe(390);
    await keepPicture(page, "workbench-phone-preview-dark");

    // The frame is the same one all along, and so is the desktop: their sockets come back by themselves.
    await ghost.kill("SIGKILL");
    await page.getByText("Reconnecting").first().waitFor(slow);
    await ghost.start();
    await page.getByText("Connected", { exact: true }).first().waitFor(slow);
    await run("echo three > hot/page.txt");
    await frame.getByRole("heading", { name: "three" }).waitFor(slow);
    await page.getByRole("tab", { name: "Desktop" }).click();
    await page.getByText("You have control").waitFor(slow);
    await page.getByRole("button", { name: "Hand back" }).click();
    await page.getByText("You are watching").waitFor(slow);
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it("fits a phone: one panel at a time, keys for the terminal, a desktop to watch, and the way to stop", async () => {
    const page = await visit({ width: 390, height: 844, theme: "dark" });
    await page.getByRole("textbox", { name: /leaves the terminal/ }).focus();
    await page.keyboard.type("sleep 1000");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Ctrl for the next key" }).tap();
    await page.keyboard.type("c");
    await page.keyboard.type("echo phone > phone.txt\n");
    await expect.poll(() => run("cat phone.txt"), soon).toBe("phone");
    expect(await accessibilityProblems(page)).toEqual([]);
    await keepPicture(page, "workbench-phone-dark");
    await page.getByRole("tab", { name: "Desktop" }).tap();
    await page.getByText("You are watching").waitFor(slow);
    expect(await lookAt(page, "workbench-phone-desktop")).toEqual([]);
    await page.getByRole("tab", { name: "Files" }).tap();
    await page.getByRole("treeitem", { name: "phone.txt" }).waitFor(slow);
    await page.getByRole("button", { name: "Stop", exact: true }).tap();
    await page.getByRole("heading", { name: `${name} is stopped` }).waitFor(slow);
  });
});
