import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { launchBrowser } from "../../support/browser.ts";
import { lookAt } from "../../support/dashboard-visit.ts";
import { startGateway } from "../../support/gateway-process.ts";
import { hotApp } from "../../support/hot-app.ts";

const soon = { timeout: 30_000, interval: 100 };
const slow = { timeout: 90_000 };
const name = "studio";

/** The day of somebody who works with an agent: from the sign-in link to a cave that is gone again, by what is named on the screen. */
it(
  "makes a cave, works in it in every way, stops and starts it, and deletes it",
  { timeout: 400_000 },
  async () => {
    await using ghost = await startGateway();
    await using chromium = await launchBrowser();
    const context = await chromium.browser.newContext({
      viewport: { width: 1440, height: 900 },
      reducedMotion: "reduce",
    });
    const page = await context.newPage();
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("request", (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (/^https?:$/.test(protocol) && !/(^|\.)localhost$/.test(hostname)) problems.push(request.url());
    });

    const button = (label: string) => page.getByRole("button", { name: label, exact: true });
    const file = (path: string) => page.getByRole("treeitem", { name: path, exact: true });
    const terminal = page.getByRole("textbox", { name: /leaves the terminal/ }).first();
    const connected = () => page.getByText("Connected", { exact: true }).first().waitFor(slow);
    const layout = async (label: RegExp) => {
      await button("Layout").click();
      await page.getByRole("menuitem", { name: label }).click();
    };
    const run = async (command: string) => {
      const { stdout } = await ghost.client.exec.run({ params: { cave: name }, body: { command } });
      return stdout.trim();
    };

    // Signs in.
    await page.goto(ghost.url);
    await page.getByRole("heading", { name: "Sign in to Ghost" }).waitFor();
    await page.getByLabel("Sign-in link").fill(await ghost.signInUrl());
    await button("Sign in").click();

    // Makes a cave.
    await button("New cave …").click();
    const sheet = page.getByRole("dialog", { name: "New cave" });
    await sheet.getByLabel("Name", { exact: true }).fill(name);
    await sheet.getByLabel("Image", { exact: true }).fill("ghost/cave:full");
    await sheet.getByRole("checkbox", { name: "VS Code" }).click();
    expect(await lookAt(page, "new-cave")).toEqual([]);
    await sheet.getByRole("button", { name: "Create" }).click();
    await page.getByRole("list", { name: "Progress" }).waitFor();
    await page.waitForURL(`**/caves/${name}`, slow);
    expect(await ghost.client.caves.get({ params: { cave: name } })).toMatchObject({
      ...{ state: "running", image: "ghost/cave:full" },
    });

    // Types in the terminal.
    await connected();
    await terminal.focus();
    await page.keyboard.type("echo from-the-$((2+1))rd-hand > page.txt\n");
    await file("page.txt").click(slow);

    // Edits a file in Monaco.
    const text = page.getByRole("textbox", { name: "Text of /workspace/page.txt" });
    await text.waitFor({ ...slow, state: "attached" });
    await text.focus();
    await page.keyboard.press("Control+a");
    await page.keyboard.type("written in Monaco\n");
    await page.keyboard.press("Control+s");
    await expect.poll(() => run("cat page.txt"), soon).toBe("written in Monaco");
    await page.getByLabel("Files to upload").setInputFiles({
      ...{ name: "server.mjs", mimeType: "text/javascript", buffer: Buffer.from(hotApp) },
    });
    await file("server.mjs").waitFor(slow);
    expect(await lookAt(page, "workbench")).toEqual([]);

    // Edits it in VS Code.
    await layout(/^Code/);
    const code = page.frameLocator(`iframe[title="VS Code of ${name}"]`);
    await code.getByRole("treeitem", { name: "page.txt" }).dblclick(slow);
    const lines = code.locator(".monaco-editor .view-lines").first();
    await lines.getByText("written in Monaco").waitFor(slow);
    await lines.click();
    await page.keyboard.press("Control+a");
    await page.keyboard.type("written in VS Code");
    await page.keyboard.press("Control+s");
    await expect.poll(() => run("cat page.txt"), soon).toBe("written in VS Code");
    expect(await lookAt(page, "workbench-code")).toEqual([]);

    // Reads what it says.
    await button("Panel").click();
    await page.getByRole("menuitem", { name: "Logs", exact: true }).click();
    await page.getByRole("combobox", { name: "Whose log" }).selectOption("code");
    const log = page.getByRole("log", { name: "Log of VS Code" });
    await log
      .getByText(/HTTP|listening|server/i)
      .first()
      .waitFor(slow);
    await page.getByRole("searchbox", { name: "Show lines with" }).fill("no such line at all");
    await page.getByText(/^0 of \d+/).waitFor();

    // Starts an app, and sees it.
    await layout(/^Files and terminal/);
    await connected();
    await terminal.focus();
    await page.keyboard.type("/opt/ghost/node/bin/node server.mjs\n");
    await button("Open preview").click(slow);
    const preview = page.frameLocator(`iframe[title="Preview of port 4321 of ${name}"]`);
    await preview.getByRole("heading", { name: "written in VS Code" }).waitFor(slow);
    // A page that is loaded anew has no marks.
    await preview.locator("html").evaluate("document.documentElement.lang = 'marked'");

    // Edits it, and sees that it changed at once.
    await file("page.txt").click();
    await text.waitFor({ ...slow, state: "attached" });
    await text.focus();
    await page.keyboard.press("Control+a");
    await page.keyboard.type("seen at once");
    await page.keyboard.press("Control+s");
    await page.getByRole("tab", { name: /4321/ }).click();
    await preview.getByRole("heading", { name: "seen at once" }).waitFor(slow);
    expect(await preview.locator("html").getAttribute("lang")).toBe("marked");
    await preview.locator("html").evaluate("document.documentElement.lang = 'en'");
    expect(await lookAt(page, "workbench-preview")).toEqual([]);

    // A desktop that starts where nobody sees it announces itself, and so does a window on it; it is watched, and then taken over.
    await page.evaluate(
      `void new WebSocket(location.origin.replace(/^http/, "ws") + "/v1/caves/${name}/desktop?mode=view", "binary")`,
    );
    await page.getByText("The desktop started").waitFor(slow);
    await run("(DISPLAY=:1 xterm -T 'release notes' -e sleep 1000 >/dev/null 2>&1 &)");
    await page.getByText("New window: release notes").waitFor(slow);
    await button("Show desktop").click();
    await layout(/^Agent watch/);
    await page.getByText("You are watching").waitFor(slow);
    await run("DISPLAY=:1 wmctrl -c 'release notes'");
    await run(
      "(DISPLAY=:1 xterm -geometry 80x24+100+100 -e sh -c 'touch /tmp/up; exec bash' >/dev/null 2>&1 &)",
    );
    await expect.poll(() => run("ls /tmp/up"), soon).toBe("/tmp/up");
    await intoTheDesktop(page);
    await page.keyboard.type("echo watched > watched.txt\n", { delay: 5 });
    await button("Take control").click();
    await page.getByText("You have control").waitFor(slow);
    await intoTheDesktop(page);
    await page.keyboard.type("echo controlled > controlled.txt\n", { delay: 5 });
    await expect.poll(() => run("cat controlled.txt"), soon).toBe("controlled");
    expect(await run("ls watched.txt 2>/dev/null")).toBe("");
    // Its window is in sight.
    expect(await page.getByText(/New window/).count()).toBe(0);
    expect(await lookAt(page, "workbench-watch")).toEqual([]);

    // Stops it, and starts it again with all that was in it.
    await button("Stop").click();
    await page.getByRole("heading", { name: `${name} is stopped` }).waitFor(slow);
    expect(await lookAt(page, "workbench-stopped")).toEqual([]);
    await page.getByRole("main").getByRole("button", { name: "Start" }).last().click();
    await layout(/^Files and terminal/);
    await connected();
    await file("controlled.txt").waitFor(slow);
    await terminal.focus();
    await page.keyboard.type("cat page.txt > again.txt\n");
    await expect.poll(() => run("cat again.txt"), soon).toBe("seen at once");

    // Deletes it.
    await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Caves" }).click();
    await button(`More for ${name}`).click();
    await page.getByRole("menuitem", { name: /^Delete/ }).click();
    const dialog = page.getByRole("dialog", { name: `Delete ${name}?` });
    await dialog.getByRole("textbox").fill(name);
    expect(await lookAt(page, "delete-cave")).toEqual([]);
    await dialog.getByRole("button", { name: `Delete ${name}` }).click();
    await button("Make a sample cave").waitFor(slow);
    expect((await ghost.client.caves.list()).total).toBe(0);
    expect(problems).toEqual([]);
  },
);

/** A click into the program's window, wherever the picture has it. */
async function intoTheDesktop(page: Page): Promise<void> {
  const canvas = page.locator(".desktop-frame canvas").first();
  const scale = await canvas.evaluate((element) => {
    const { clientWidth, width } = element as HTMLCanvasElement;
    return clientWidth / width;
  });
  await canvas.click({ position: { x: 300 * scale, y: 250 * scale } });
}
