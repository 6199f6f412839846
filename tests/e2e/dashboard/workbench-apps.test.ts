import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../../support/browser.ts";
import { accessibilityProblems, keepPicture } from "../../support/dashboard-visit.ts";
import { type GatewayProcess, startGateway } from "../../support/gateway-process.ts";

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

  it("shows VS Code in a frame, in which a file is written", async () => {
    const page = await visit({ width: 1440, height: 900, theme: "light" });
    await layout(page, "Code");
    await page.getByRole("list", { name: "Starting VS Code" }).waitFor();
    const code = page.frameLocator(`iframe[title="VS Code of ${name}"]`);
    await code.locator(".monaco-workbench").waitFor(slow);
    await run("echo from-the-cave > seen.txt");
    await code.getByRole("treeitem", { name: "seen.txt" }).dblclick(slow);
    const text = code.locator(".monaco-editor .view-lines").first();
    await text.getByText("from-the-cave").waitFor(slow);
    await text.click();
    await page.keyboard.press("Control+End");
    await page.keyboard.type("written-in-code");
    await page.keyboard.press("Control+s");
    await expect.poll(() => run("cat seen.txt"), soon).toContain("written-in-code");
    await keepPicture(page, "workbench-code-light");
  });

  it("shows the desktop to whoever watches, and obeys whoever took control", async () => {
    const page = await visit({ width: 1440, height: 900, theme: "dark" });
    await layout(page, "Agent watch");
    await page.getByText("You are watching").waitFor(slow);
    const canvas = page.locator(".desktop-frame canvas").first();
    /** Into the program's window, wherever the picture has it. */
    const click = async () => {
      const scale = await canvas.evaluate((element) => {
        const { clientWidth, width } = element as HTMLCanvasElement;
        return clientWidth / width;
      });
      await canvas.click({ position: { x: 300 * scale, y: 250 * scale } });
    };
    await run(
      "(DISPLAY=:1 xterm -geometry 80x24+100+100 -e sh -c 'touch /tmp/up; exec bash' >/dev/null 2>&1 &)",
    );
    await expect.poll(() => run("ls /tmp/up"), soon).toBe("/tmp/up");
    await click();
    await page.keyboard.type("echo watched > watched.txt\n", { delay: 5 });
    await page.getByRole("button", { name: "Take control" }).click();
    await page.getByText("You have control").waitFor(slow);
    await click();
    await page.keyboard.type("echo controlled > controlled.txt\n", { delay: 5 });
    await expect.poll(() => run("cat controlled.txt"), soon).toBe("controlled");
    expect(await run("ls watched.txt 2>/dev/null")).toBe("");
    await keepPicture(page, "workbench-watch-dark");
    await page.getByRole("button", { name: "Hand back" }).click();
    await page.getByText("You are watching").waitFor(slow);
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it("fits a phone: one panel at a time, keys for the terminal, and the way to stop", async () => {
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
    await page.getByRole("tab", { name: "Files" }).tap();
    await page.getByRole("treeitem", { name: "phone.txt" }).waitFor(slow);
    await page.getByRole("button", { name: "Stop", exact: true }).tap();
    await page.getByRole("heading", { name: `${name} is stopped` }).waitFor(slow);
  });
});
