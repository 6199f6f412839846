import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import { type GatewayProcess, startGateway } from "../support/gateway-process.ts";

/** As far as it is used: tests are checked without the browser's types. */
interface CanvasLike {
  getContext(
    this: unknown,
    kind: "2d",
  ): {
    getImageData(x: number, y: number, width: number, height: number): { data: Uint8ClampedArray };
  };
}

const soon = { timeout: 20_000, interval: 100 };

/** A desktop as somebody sees it: the page, the gateway, and Xvnc in a cave without a network. */
describe("a desktop", () => {
  const stack = new AsyncDisposableStack();
  let ghost: GatewayProcess;
  let browser: Browser;
  const problems: string[] = [];

  beforeAll(async () => {
    ghost = stack.use(await startGateway());
    ({ browser } = stack.use(await launchBrowser()));
    await ghost.client.caves.create({
      body: { name: "desk", image: "ghost/cave:full", network: { mode: "none" } },
    });
  });
  afterAll(() => stack.disposeAsync());

  const url = async () =>
    (await ghost.client.surfaces.open({ params: { cave: "desk" }, body: { surface: "desktop" } })).url;

  async function show(page?: Page): Promise<Page> {
    const shown = page ?? (await browser.newPage({ viewport: { width: 1280, height: 841 } }));
    shown.on("pageerror", (error) => problems.push(error.message));
    shown.on("console", (message) => {
      if (message.text().includes("Content Security Policy")) problems.push(message.text());
    });
    await shown.goto(await url());
    await live(shown);
    return shown;
  }

  const live = (page: Page) => page.locator('.desktop[data-state="live"]').waitFor({ timeout: 30_000 });

  /** A point of the desktop, on the page. */
  async function at(page: Page, x: number, y: number): Promise<[number, number]> {
    const canvas = page.locator(".desktop-frame canvas").first();
    const box = await canvas.boundingBox();
    const width = await canvas.evaluate((element) => (element as unknown as { width: number }).width);
    if (!box) throw new Error("There is no picture.");
    const scale = box.width / width;
    return [box.x + x * scale, box.y + y * scale];
  }

  async function red(page: Page, x: number, y: number): Promise<number> {
    const canvas = page.locator(".desktop-frame canvas").first();
    return canvas.evaluate(
      (element, [left, top]) => {
        const canvas = element as unknown as CanvasLike;
        return canvas.getContext("2d").getImageData(left, top, 1, 1).data[0] ?? 0;
      },
      [x, y] as const,
    );
  }

  async function run(command: string): Promise<string> {
    const { stdout } = (await ghost.client.exec.run({ params: { cave: "desk" }, body: { command } })) as {
      stdout: { text: string } | string;
    };
    return (typeof stdout === "string" ? stdout : stdout.text).trim();
  }

  const thumbnail = () =>
    fetch(`${ghost.url}/v1/caves/desk/desktop/thumbnail?width=200`, {
      headers: { authorization: `Bearer ${ghost.token}` },
    });

  it("starts when it is first looked at, and no picture of it before does that", async () => {
    expect((await thumbnail()).status).toBe(409);
    const page = await browser.newPage({ viewport: { width: 1280, height: 841 } });
    await page.goto(await url());
    await page.getByText("Starting the desktop").waitFor();
    await live(page);
    const response = await thumbnail();
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "image/jpeg"]);
    await page.close();
  });

  it("is used by who controls it, and only seen by who views it", async () => {
    const control = await show();
    await run(
      "cd /workspace; (xterm -geometry 80x24+100+100 -e sh -c 'touch /tmp/shell; exec bash' >/dev/null 2>&1 &)",
    );
    await vi.waitFor(() => expect(run("ls /tmp/shell")).resolves.toBe("/tmp/shell"), soon);
    await control.mouse.click(...(await at(control, 300, 250)));
    await vi.waitFor(
      () => expect(run("xdotool getactivewindow getwindowname")).resolves.toContain("/workspace"),
      soon,
    );
    await control.keyboard.type("echo typed-by-control > first\n", { delay: 5 });
    await vi.waitFor(() => expect(run("cat first")).resolves.toBe("typed-by-control"), soon);

    const view = await show();
    await view.getByRole("button", { name: "View" }).click();
    await expect
      .poll(() => view.getByRole("button", { name: "View" }).getAttribute("aria-pressed"))
      .toBe("true");
    expect(await view.getByRole("button", { name: "Clipboard" }).isDisabled()).toBe(true);
    await view.mouse.click(...(await at(view, 300, 250)));
    await view.keyboard.type("echo typed-by-view > second\n", { delay: 5 });
    await control.keyboard.type("echo again > third\n", { delay: 5 });
    await vi.waitFor(() => expect(run("cat third")).resolves.toBe("again"), soon);
    expect(await run("ls")).toBe("first\nthird");

    await view.getByRole("button", { name: "Control" }).click();
    await live(view);
    await expect
      .poll(() => view.getByRole("button", { name: "Control" }).getAttribute("aria-pressed"))
      .toBe("true");
    await view.mouse.click(...(await at(view, 300, 250)));
    await view.keyboard.type("echo mine-now > second\n", { delay: 5 });
    await vi.waitFor(() => expect(run("cat second")).resolves.toBe("mine-now"), soon);
    await Promise.all([control.close(), view.close()]);
  });

  it("has Chromium in its menu", async () => {
    const page = await show();
    await run("pkill xterm; true");
    await page.mouse.click(...(await at(page, 600, 400)));
    await expect.poll(() => red(page, 605, 405), soon).toBeLessThan(0x34); // menus are darker than the background
    await page.mouse.click(...(await at(page, 630, 411)));
    await vi.waitFor(
      () => expect(run("xdotool search --onlyvisible --class chromium")).resolves.not.toBe(""),
      {
        ...soon,
        timeout: 60_000,
      },
    );
    await page.mouse.move(...(await at(page, 10, 10)));
    await run("pkill chromium; true");
    await page.close();
  });

  it("takes the window's size when it is asked to", async () => {
    const page = await show();
    await page.getByLabel("Size").selectOption("resize");
    await page.setViewportSize({ width: 1000, height: 700 });
    const wanted = await page.locator(".desktop-stage").boundingBox();
    const size = `${wanted?.width ?? 0}x${wanted?.height ?? 0}`;
    await vi.waitFor(() => expect(run("xdpyinfo | awk '/dimensions/ {print $2}'")).resolves.toBe(size), soon);
    await page.getByLabel("Size").selectOption("fit");
    await page.close();
    await run("xrandr -s 1280x800");
  });

  it("shares its clipboard both ways", async () => {
    const page = await show();
    await page.getByRole("button", { name: "Clipboard" }).click();
    const panel = page.getByLabel("The cave's clipboard");
    await run("printf 'aus der Höhle ✓' | xclip -selection clipboard -i >/dev/null 2>&1");
    await expect.poll(() => panel.inputValue(), soon).toBe("aus der Höhle ✓");
    await panel.fill("in die Höhle ✓");
    await page.getByRole("button", { name: "Send to the cave" }).click();
    await vi.waitFor(
      () => expect(run("xclip -selection clipboard -o")).resolves.toBe("in die Höhle ✓"),
      soon,
    );
    await panel.fill("x".repeat(300_000));
    await page.getByRole("button", { name: "Send to the cave" }).click();
    await page.getByText("the cave's clipboard takes 256 KB").waitFor();
    await page.close();
  });

  it("keeps both clipboards the same by itself, where the browser lets it and nobody said no", async () => {
    const permissions = ["clipboard-read", "clipboard-write"];
    const context = await browser.newContext({ permissions, viewport: { width: 1280, height: 841 } });
    const page = await context.newPage();
    const ours = (text: string) => page.evaluate((text) => navigator.clipboard.writeText(text), text);
    const theirs = () => run("xclip -selection clipboard -o");
    await show(page);
    await ours("von draußen");
    await page.evaluate(() => window.dispatchEvent(new Event("focus")));
    await vi.waitFor(() => expect(theirs()).resolves.toBe("von draußen"), soon);
    await run("printf 'von drinnen' | xclip -selection clipboard -i >/dev/null 2>&1");
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText()), soon).toBe("von drinnen");

    await page.getByRole("button", { name: "Clipboard" }).click();
    await page.getByLabel("Keep both clipboards the same").uncheck();
    await ours("bleibt draußen");
    await show(page);
    await page.getByRole("button", { name: "Clipboard" }).click();
    expect(await page.getByLabel("Keep both clipboards the same").isChecked()).toBe(false);
    expect(await theirs()).toBe("von drinnen");
    await context.close();
  });

  it("gives a screenshot in its own size", async () => {
    const page = await show();
    const downloading = page.waitForEvent("download");
    await page.getByRole("button", { name: "Screenshot" }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toMatch(/^desk-[\dT-]+\.png$/);
    const stream = await download.createReadStream();
    const chunks = await stream.toArray();
    const png = Buffer.concat(chunks as Buffer[]);
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1280, 800]);
    await page.close();
  });

  it("comes back by itself, and says what is wrong meanwhile", async () => {
    const page = await show();
    await run("pkill -9 Xvnc");
    await page.locator('.desktop:not([data-state="live"])').waitFor();
    await live(page);

    await ghost.client.caves.stop({ params: { cave: "desk" } });
    await page.locator('.desktop[data-state="ended"]').waitFor({ timeout: 30_000 });
    await page.getByText("Start the cave").waitFor();
    await ghost.client.caves.start({ params: { cave: "desk" } });
    await page.getByRole("button", { name: "Try again" }).click();
    await live(page);

    const before = ghost.pid;
    await ghost.kill("SIGKILL");
    await page.locator('.desktop[data-state="waiting"]').waitFor();
    await ghost.start();
    expect(ghost.pid).not.toBe(before);
    await live(page);
    await page.close();
    expect(problems).toEqual([]);
  });
});
