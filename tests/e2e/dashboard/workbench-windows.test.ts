import type { Browser, FrameLocator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../../support/browser.ts";
import { keepPicture } from "../../support/dashboard-visit.ts";
import { type GatewayProcess, startGateway } from "../../support/gateway-process.ts";

const soon = { timeout: 20_000, interval: 100 };
const slow = { timeout: 60_000 };
const name = "research-agent";

/** Panels in windows of their own, and back in the page: they show what they showed, and are worked with where they are. */
describe("the workbench's windows", () => {
  const stack = new AsyncDisposableStack();
  let ghost: GatewayProcess;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    ghost = stack.use(await startGateway());
    ({ browser } = stack.use(await launchBrowser()));
    await ghost.client.caves.create({ body: { name, image: "ghost/cave:base" } });
    page = await browser.newPage({
      viewport: { width: 1440, height: 900 },
      colorScheme: "dark",
      reducedMotion: "reduce",
    });
    page.context().on("weberror", (event) => problems.push(event.error().message));
    await page.goto(await ghost.signInUrl());
    await page.getByRole("navigation", { name: "Pages" }).waitFor();
    await page.goto(`${ghost.url}/caves/${name}`);
  });
  afterAll(() => stack.disposeAsync());

  const run = async (command: string) => {
    const { stdout } = await ghost.client.exec.run({ params: { cave: name }, body: { command } });
    return stdout.trim();
  };
  const terminal = (on: Page | FrameLocator) =>
    on.getByRole("textbox", { name: /leaves the terminal/ }).first();
  const connected = (on: Page = page) => on.getByText("Connected", { exact: true }).first().waitFor(slow);
  const tab = (title: string) => page.getByRole("tab", { name: title });
  const layout = async (label: string) => {
    await page.getByRole("button", { name: "Layout" }).click();
    await page.getByRole("menuitem", { name: label }).click();
  };
  const popOut = async (panel: string | RegExp) => {
    const opening = page.waitForEvent("popup");
    await page.getByRole("group", { name: panel }).getByRole("button", { name: "Open in a window" }).click();
    return await opening;
  };
  const comeBack = (popup: Page) => popup.getByRole("button", { name: "Back into the page" }).click();

  it("types in a terminal", async () => {
    await connected();
    await layout("Terminal only");
    await connected();
    const popup = await popOut(/^Panel/);
    await connected(popup);
    await terminal(popup).focus();
    await popup.keyboard.type("echo popped-$((3+4)) > popped.txt\n");
    await expect.poll(() => run("cat popped.txt"), soon).toBe("popped-7");
    await popup.setViewportSize({ width: 600, height: 400 });
    const size = popup.getByText(/^\d+ × \d+$/);
    const columns = async () => Number.parseInt((await size.textContent()) ?? "", 10);
    await expect.poll(columns, soon).toBeLessThan(80);
    const fitting = await columns();
    await popup.getByRole("button", { name: "Text and transcript" }).click();
    await popup.getByRole("menuitem", { name: "Larger" }).click();
    await popup.getByText("Text, 15 px").waitFor();
    await expect.poll(columns, soon).toBeLessThan(fitting);
    await popup.getByRole("menuitem", { name: "Smaller" }).click();
    await expect.poll(columns, soon).toBe(fitting);
    await popup.keyboard.press("Escape");

    await popup.getByRole("button", { name: "Find", exact: true }).click();
    const find = popup.getByRole("search");
    const count = () => find.getByRole("status").textContent();
    await find.getByRole("searchbox").fill("POPPED");
    await expect.poll(count, soon).toMatch(/^(\d of )?2$/);
    await find.getByRole("button", { name: "Match case" }).click();
    await expect.poll(count, soon).toBe("none");
    await find.getByRole("button", { name: "Regular expression" }).click();
    await find.getByRole("searchbox").fill("popped\\.t.t");
    await expect.poll(count, soon).toMatch(/^(1 of )?1$/);
    await find.getByRole("searchbox").fill("(");
    await expect.poll(count, soon).toBe("invalid");
    await popup.keyboard.press("Escape");
    await find.waitFor({ state: "detached" });
    await popup.keyboard.type("echo back-$((4+4)) >> popped.txt\n");
    await expect.poll(() => run("cat popped.txt"), soon).toBe("popped-7\nback-8");
    await comeBack(popup);
    await connected();
  });

  it("edits in a window of its own, asks there before anything is lost, and goes on where it was in the page", async () => {
    await run("printf still > still.txt");
    await layout("Files and terminal");
    await page.getByRole("treeitem", { name: "still.txt" }).click();
    const text = (on: Page) => on.getByRole("textbox", { name: "Text of /workspace/still.txt" });
    await text(page).waitFor({ ...slow, state: "attached" });
    await text(page).focus();
    await page.keyboard.type("one ");
    const popup = await popOut("Panel still.txt");
    popup.on("pageerror", (error) => problems.push(error.message));
    await expect.poll(() => popup.title()).toBe(`still.txt · ${name} · Ghost`);
    await text(popup).waitFor({ ...slow, state: "attached" });
    await text(popup).focus();
    await popup.keyboard.type("two ");
    const shown = (on: Page) => on.locator(".monaco-editor .view-lines").first();
    await shown(popup).getByText("one two still").waitFor(slow);

    const width = () =>
      popup
        .locator(".monaco-editor")
        .first()
        .evaluate((one) => one.clientWidth);
    await popup.setViewportSize({ width: 700, height: 500 });
    await expect.poll(width, soon).toBe(700);
    const colour = () =>
      popup
        .locator(".monaco-editor-background")
        .first()
        .evaluate((one) => getComputedStyle(one).backgroundColor);
    const dark = await colour();
    await page.emulateMedia({ colorScheme: "light" });
    await expect.poll(colour, soon).not.toBe(dark);
    await page.emulateMedia({ colorScheme: "dark" });
    await expect.poll(colour, soon).toBe(dark);

    await shown(popup).click({ button: "right" });
    await popup.getByRole("menuitem", { name: "Find" }).click();
    await popup.getByRole("textbox", { name: "Find" }).waitFor(slow);
    await popup.keyboard.press("Escape");

    const close = popup.getByRole("button", { name: "Close still.txt" });
    await close.click();
    const question = popup.getByRole("dialog", { name: "Close still.txt without saving?" });
    await question.waitFor(slow);
    await keepPicture(popup, "workbench-window-dark");
    await popup.keyboard.press("Escape");
    await question.waitFor({ state: "hidden" });
    await expect.poll(() => close.evaluate((one) => one.ownerDocument.activeElement === one)).toBe(true);
    await text(popup).focus();
    await popup.keyboard.press("Control+s");
    await expect.poll(() => run("cat still.txt"), soon).toBe("one two still");

    await popup.getByRole("button", { name: "Back into the page" }).click();
    await shown(page).getByText("one two still").waitFor(slow);
    await text(page).focus();
    await page.keyboard.press("Control+z");
    await expect.poll(() => shown(page).textContent(), soon).toContain("twostill");
    await tab("still.txt").focus();
    await page.keyboard.press("Delete");
    await page.getByRole("button", { name: "Close without saving" }).click();
    await expect.poll(() => tab("still.txt").count()).toBe(0);
  });

  it("shows files, figures and logs", async () => {
    await run("echo from-the-cave > /proc/1/fd/1");
    const open = async (title: string) => {
      await page.getByRole("button", { name: "Panel", exact: true }).click();
      await page.getByRole("menuitem", { name: title, exact: true }).click();
    };
    await open("Metrics");
    await open("Logs");
    const seen: readonly [string, (on: Page) => Promise<void>][] = [
      ["Logs", (on) => on.getByRole("log").getByText("from-the-cave").waitFor(slow)],
      [
        "Metrics",
        (on) =>
          on
            .getByRole("img", { name: /^CPU: .* of 2 cores/ })
            .locator("canvas")
            .waitFor(slow),
      ],
      ["Files", (on) => on.getByRole("treeitem", { name: "still.txt" }).waitFor(slow)],
    ];
    for (const [title, look] of seen) {
      await tab(title).click();
      const popup = await popOut(`Panel ${title}`);
      await look(popup);
      await comeBack(popup);
      await look(page);
    }
    expect(problems).toEqual([]);
  });
});
