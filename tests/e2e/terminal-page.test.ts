import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildViewers } from "../../scripts/build-viewers.ts";
import { launchBrowser } from "../support/browser.ts";
import { startGateway, type GatewayProcess } from "../support/gateway-process.ts";

const slow = { timeout: 15_000, interval: 50 };

/** The page in Chromium, on a real gateway and a real cave. */
describe("the terminal page", () => {
  let ghost: GatewayProcess;
  let chromium: Awaited<ReturnType<typeof launchBrowser>>;
  let cave: string;

  beforeAll(async () => {
    await buildViewers();
    ghost = await startGateway();
    ({ id: cave } = await ghost.client.caves.create({ body: { name: "lab", image: "ghost/cave:base" } }));
    chromium = await launchBrowser();
  });
  afterAll(async () => {
    await chromium[Symbol.asyncDispose]();
    await ghost[Symbol.asyncDispose]();
  });

  /** A page of its own, with what went wrong in it. Screen reader mode has the screen's lines in the document. */
  async function open(options: { hash?: string; width?: number; height?: number; phone?: boolean } = {}) {
    const context = await chromium.browser.newContext({
      viewport: { width: options.width ?? 1000, height: options.height ?? 600 },
      permissions: ["clipboard-read", "clipboard-write"],
      ...(options.phone === true && { hasTouch: true, isMobile: true }),
    });
    await context.addInitScript(() => localStorage.setItem("ghost.terminal", '{"screenReader":true}'));
    const page = await context.newPage();
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error" && /policy|refused to/i.test(message.text()))
        problems.push(message.text());
    });
    const { url } = await ghost.client.surfaces.open({ params: { cave }, body: { surface: "terminal" } });
    await page.goto(`${url}${options.hash ?? ""}`);
    await page.locator(".status-line:is([data-level=good], [data-level=watching])").waitFor();
    return { page, problems, [Symbol.asyncDispose]: () => context.close() };
  }

  const lines = async (page: Page) =>
    (await page.locator(".panel:not([hidden]) .xterm-accessibility-tree > div").allTextContents()).map(
      (line) => line.replaceAll("\u00a0", " ").trimEnd(),
    );
  const shows = (page: Page, line: string | RegExp) =>
    expect
      .poll(
        async () =>
          (await lines(page)).filter((one) => (typeof line === "string" ? one === line : line.test(one))),
        slow,
      )
      .not.toEqual([]);
  const status = (page: Page) => page.getByRole("status").textContent();

  it("types, resizes with the window, and comes back to the same terminal by its address", async () => {
    await using one = await open();
    const { page } = one;
    await page.keyboard.type("echo hel''lo $(stty size)\n");
    await shows(page, /^hello \d+ \d+$/);
    const [, rows = "", cols = ""] = /^hello (\d+) (\d+)$/m.exec((await lines(page)).join("\n")) ?? [];
    await expect.poll(() => page.locator(".facts").textContent()).toBe(`${cols} × ${rows}`);

    await page.setViewportSize({ width: 700, height: 400 });
    await expect.poll(() => page.locator(".facts").textContent(), slow).not.toBe(`${cols} × ${rows}`);
    const smaller = ((await page.locator(".facts").textContent()) ?? "").split(" × ").reverse().join(" ");
    await page.keyboard.type("echo now $(stty size)\n");
    await shows(page, `now ${smaller}`);

    expect(page.url()).toMatch(/#term-[a-z2-7]{16}$/);
    await page.reload();
    await shows(page, `now ${smaller}`);
    await page.keyboard.type("exit 3\n");
    await expect.poll(() => status(page), slow).toBe("Ended with exit code 3");
    expect(one.problems).toEqual([]);
  });

  it("says that the gateway is away, and goes on by itself when it is back", async () => {
    await using one = await open();
    const { page } = one;
    await page.keyboard.type(
      "for i in $(seq 1 400); do echo \"count $i\"; sleep 0.02; done; echo the e''nd\n",
    );
    await shows(page, /^count \d\d$/);
    await ghost.kill("SIGKILL");
    await expect.poll(() => status(page), slow).toMatch(/Reconnecting/);
    await page.screenshot({ path: "test-results/terminal-reconnecting.png" });
    await ghost.start();
    await shows(page, "the end");
    expect(await status(page)).toBe("Connected");

    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Download the transcript" }).click(),
    ]);
    const transcript = await readFile(await download.path(), "utf8");
    const counted = [...transcript.matchAll(/^count (\d+)$/gm)].map(([, number]) => Number(number));
    expect(counted).toEqual(Array.from({ length: 400 }, (_, index) => index + 1));
    expect(one.problems).toEqual([]);
  });

  it("finds text", async () => {
    const { id } = await ghost.client.terminals.open({ params: { cave }, body: {} });
    await using one = await open({ hash: `#${id}` });
    const { page } = one;
    await page.keyboard.type("seq 1 200\n");
    await shows(page, "200");
    await page.keyboard.press("Control+Shift+F");
    await page.keyboard.type("19");
    await expect.poll(() => page.locator(".search .count").textContent(), slow).toMatch(/ of 12$/);
    await page.screenshot({ path: "test-results/terminal-search.png" });
    await page.getByRole("button", { name: "Regular expression" }).click();
    await page.getByLabel("Find in the terminal").fill("^19$");
    await expect.poll(() => page.locator(".search .count").textContent(), slow).toMatch(/^(1 of )?1$/);
    await page.keyboard.press("Escape");
    await page.keyboard.type("echo ba''ck\n");
    await shows(page, "back");
    expect(one.problems).toEqual([]);
  });

  it("has one who types and one who watches, who can take over", async () => {
    await using first = await open();
    const hash = new URL(first.page.url()).hash;
    await using second = await open({ hash, width: 390, height: 700, phone: true });
    await expect.poll(() => status(second.page), slow).toMatch(/^Watching/);
    const facts = (await first.page.locator(".facts").textContent()) ?? "";
    expect(facts).toMatch(/^2 viewers · \d+ × \d+$/);
    expect(await second.page.locator(".facts").textContent()).toBe(facts);
    await first.page.keyboard.type("echo se''en\n");
    await shows(second.page, "seen");
    await second.page.screenshot({ path: "test-results/terminal-watching.png" });

    await second.page.getByRole("button", { name: "Take control" }).click();
    await expect.poll(() => status(first.page), slow).toMatch(/^Watching/);
    await expect.poll(() => first.page.locator(".facts").textContent()).not.toBe(facts);
    await second.page.keyboard.type("sleep 100\n");
    await second.page.getByRole("button", { name: "Control for the next key" }).click();
    await second.page.keyboard.type("c");
    await shows(first.page, /\^C/);
    expect([...first.problems, ...second.problems]).toEqual([]);
  });

  it("gives a program the clipboard only when the person says so", async () => {
    await using one = await open();
    const { page } = one;
    await page.evaluate("navigator.clipboard.writeText('mine')");
    const set = "printf '\\e]52;c;aGVsbG8=\\a'\n";
    await page.keyboard.type(set);
    await page.getByRole("button", { name: "Refuse" }).click();
    expect(await page.evaluate<string>("navigator.clipboard.readText()")).toBe("mine");
    await page.locator(".xterm-helper-textarea").focus();
    await page.keyboard.type(set);
    await page.getByRole("button", { name: "Allow" }).click();
    await expect.poll(() => page.evaluate<string>("navigator.clipboard.readText()")).toBe("hello");
    expect(one.problems).toEqual([]);
  });

  it("has tabs, and ends what is closed only when asked", async () => {
    await using one = await open();
    const { page } = one;
    const before = await page.getByRole("tab").count();
    await page.getByRole("button", { name: "New terminal" }).click();
    await expect.poll(() => page.getByRole("tab").count()).toBe(before + 1);
    await page.keyboard.type("echo in the ne''w one\n");
    await shows(page, "in the new one");
    const id = new URL(page.url()).hash.slice(1);
    await page.locator(".tab.selected").getByRole("button", { name: "Close terminal" }).click();
    await page.getByRole("button", { name: "Cancel" }).click();
    expect(await page.getByRole("tab").count()).toBe(before + 1);
    await page.getByRole("tab", { selected: true }).press("Delete");
    await page.getByRole("button", { name: "Close it" }).click();
    await expect.poll(() => page.getByRole("tab").count()).toBe(before);
    const { terminals } = await ghost.client.terminals.list({ params: { cave } });
    expect(terminals.map((terminal) => terminal.id)).not.toContain(id);
    expect(new URL(page.url()).hash.slice(1)).not.toBe(id);
    expect(one.problems).toEqual([]);
  });
});
