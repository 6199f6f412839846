import { mkdir, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, FrameLocator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../../support/browser.ts";
import { accessibilityProblems, keepPicture, movingParts } from "../../support/dashboard-visit.ts";
import { dragTo, dropFiles } from "../../support/dragging.ts";
import { type GatewayProcess, startGateway } from "../../support/gateway-process.ts";
import { paper, plot } from "../../support/sample-files.ts";
import { createVisitor } from "../../support/visitor.ts";

const soon = { timeout: 20_000, interval: 100 };
const slow = { timeout: 60_000 };

/** A cave's page in Chromium, on a real gateway and a real engine. */
describe("the workbench", () => {
  const stack = new AsyncDisposableStack();
  let ghost: GatewayProcess;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const problems: string[] = [];
  const name = "research-agent";

  beforeAll(async () => {
    ghost = stack.use(await startGateway());
    ({ browser } = stack.use(await launchBrowser()));
    await ghost.client.caves.create({ body: { name, image: "ghost/cave:base" } });
    context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      colorScheme: "dark",
      reducedMotion: "reduce",
    });
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: ghost.url });
    page = await context.newPage();
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (message) => {
      if (/Content Security Policy|Uncaught/.test(message.text())) problems.push(message.text());
    });
    page.on("request", (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (/^https?:$/.test(protocol) && !/(^|\.)localhost$/.test(hostname)) problems.push(request.url());
    });
    await page.goto(await ghost.signInUrl());
    await page.getByRole("navigation", { name: "Pages" }).waitFor();
    await page.goto(`${ghost.url}/caves/${name}`);
  });
  afterAll(() => stack.disposeAsync());

  const run = async (command: string) => {
    const { stdout } = await ghost.client.exec.run({ params: { cave: name }, body: { command } });
    return stdout.trim();
  };
  const terminal = (on: Page | FrameLocator = page) =>
    on.getByRole("textbox", { name: /leaves the terminal/ }).first();
  const connected = () => page.getByText("Connected", { exact: true }).first().waitFor(slow);
  const tab = (title: string | RegExp) => page.getByRole("tab", { name: title });
  const openPanel = async (title: string) => {
    await page.getByRole("button", { name: "Panel", exact: true }).click();
    await page.getByRole("menuitem", { name: title, exact: true }).click();
  };

  it("shows the cave, its files and a terminal", async () => {
    await page.getByRole("heading", { name }).waitFor();
    await connected();
    expect(await page.title()).toBe(`${name} · Ghost`);
    await page.getByText("The workspace is empty").waitFor();
    await terminal().focus();
    await page.keyboard.type("echo typed-$((40+2)) > here.txt\n");
    await page.getByRole("treeitem", { name: "here.txt" }).waitFor(slow);
    expect(await run("cat here.txt")).toBe("typed-42");
    expect(await accessibilityProblems(page)).toEqual([]);
    await keepPicture(page, "workbench-dark");
  });

  it("edits a file, and writes it only over the one that was read", async () => {
    await page.getByRole("treeitem", { name: "here.txt" }).click();
    await tab("here.txt").waitFor(slow);
    const text = page.getByRole("textbox", { name: "Text of /workspace/here.txt" });
    await text.waitFor({ ...slow, state: "attached" });
    await text.focus();
    await page.keyboard.press("Control+End");
    await page.keyboard.type("from the browser\n");
    await page.keyboard.press("Control+s");
    await expect.poll(() => run("cat here.txt"), soon).toBe("typed-42\nfrom the browser");

    await page.keyboard.type("mine");
    await run("echo theirs > here.txt");
    await page.getByText("It changed in the cave").waitFor(slow);
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("region", { name: "Conflict" }).waitFor(slow);
    await page
      .getByRole("textbox", { name: "Your /workspace/here.txt" })
      .waitFor({ ...slow, state: "attached" });
    await keepPicture(page, "workbench-conflict-dark");
    expect(await run("cat here.txt")).toBe("theirs");
    await page.getByRole("button", { name: "Save mine" }).click();
    await expect.poll(() => run("cat here.txt"), soon).toContain("mine");
    await expect.poll(() => page.getByRole("region", { name: "Conflict" }).count()).toBe(0);
  });

  it("makes, renames, uploads, downloads and deletes files", async () => {
    await page.getByRole("button", { name: "New folder" }).click();
    await page.getByRole("textbox", { name: "Name of the new folder" }).fill("src");
    await page.keyboard.press("Enter");
    const folder = page.getByRole("treeitem", { name: "src" });
    await folder.waitFor();
    await page
      .getByLabel("Files to upload")
      .setInputFiles([
        { name: "a.bin", mimeType: "application/octet-stream", buffer: Buffer.alloc(3_000_000, 7) },
      ]);
    await page.getByText("1 uploaded").waitFor(slow);
    expect(await run("stat -c %s src/a.bin")).toBe("3000000");
    const uploads = page.getByRole("region", { name: "Uploads" });
    await uploads.getByRole("button", { name: "Dismiss" }).click();
    if ((await folder.getAttribute("aria-expanded")) === "false") await folder.click();
    const file = page.getByRole("treeitem", { name: "a.bin" });
    await file.click({ button: "right" });
    await page.getByRole("menuitem", { name: "Rename" }).click();
    await page.getByRole("textbox", { name: "New name of a.bin" }).fill("b.bin");
    await page.keyboard.press("Enter");
    const renamed = page.getByRole("treeitem", { name: "b.bin" });
    await renamed.waitFor();

    // Into another folder and back by hand; rows move when a folder comes or goes.
    await run("mkdir other");
    const other = page.getByRole("treeitem", { name: "other", exact: true });
    await other.waitFor(slow);
    await renamed.dragTo(other);
    await expect.poll(() => run("ls src other"), soon).toMatch(/^other:\nb\.bin\s+src:$/);
    if ((await other.getAttribute("aria-expanded")) === "false") await other.click();
    await expect.poll(() => renamed.count()).toBe(1);
    await renamed.dragTo(folder);
    await expect.poll(() => run("ls src other"), soon).toMatch(/^other:\s+src:\nb\.bin$/);
    await run("rmdir other");
    await other.waitFor({ state: "detached", ...slow });

    await folder.click({ button: "right" });
    const downloading = page.waitForEvent("download");
    await page.getByRole("menuitem", { name: "Download as tar" }).click();
    expect((await downloading).suggestedFilename()).toBe("src.tar");
    await renamed.click({ button: "right" });
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await expect.poll(() => run("ls src"), soon).toBe("");
    await expect.poll(() => renamed.count()).toBe(0);
  });

  it("takes folders that are dropped on it and a large file, and replaces nothing unasked", async () => {
    const folder = await mkdtemp(join(tmpdir(), "ghost-drop-"));
    stack.defer(() => rm(folder, { recursive: true, force: true }));
    await mkdir(join(folder, "album/deep"), { recursive: true });
    await writeFile(join(folder, "album/deep/leaf.txt"), "leaf");
    await writeFile(join(folder, "here.txt"), "another");
    await writeFile(join(folder, "large.bin"), "");
    await truncate(join(folder, "large.bin"), 600 * 2 ** 20);
    await dropFiles(page, page.getByRole("tree"), [join(folder, "album"), join(folder, "here.txt")]);
    const uploads = page.getByRole("region", { name: "Uploads" });
    await uploads.getByText("There is one already.").waitFor(slow);
    expect(await run("cat album/deep/leaf.txt; cat here.txt")).not.toContain("another");
    await uploads.getByRole("button", { name: "Replace here.txt" }).click();
    await uploads.getByText("2 uploaded").waitFor(slow);
    expect(await run("cat album/deep/leaf.txt here.txt")).toBe("leafanother");

    await page.getByLabel("Files to upload").setInputFiles(join(folder, "large.bin"));
    await uploads.getByRole("progressbar", { name: "Upload of large.bin" }).waitFor(slow);
    await uploads.getByRole("button", { name: "Cancel large.bin" }).click();
    await expect.poll(() => uploads.getByText("large.bin").count()).toBe(0);
    expect(await run("ls | grep large || true")).toBe("");
    await uploads.getByRole("button", { name: "Dismiss" }).click();
  });

  it("shows pictures and papers", async () => {
    const put = (path: string, body: Buffer) =>
      ghost.client.files.write({ params: { cave: name }, query: { path }, body });
    await put("plot.png", plot);
    await page.getByRole("treeitem", { name: "plot.png" }).click();
    const picture = page.getByRole("img", { name: "plot.png" });
    const width = () => picture.evaluate((one) => (one as unknown as { naturalWidth: number }).naturalWidth);
    await expect.poll(width, soon).toBe(1);
    await put("paper.pdf", paper);
    await page.getByRole("treeitem", { name: "paper.pdf" }).click();
    await page.locator('iframe[title="paper.pdf"]').waitFor(slow);
    await keepPicture(page, "workbench-pdf-dark");
    for (const title of ["paper.pdf", "plot.png"]) {
      await tab(title).focus();
      await page.keyboard.press("Delete");
      await tab(title).waitFor({ state: "hidden" });
    }
  });

  it("announces a port and previews what listens on it", async () => {
    await run("mkdir -p site; echo '<h1>hello from the cave</h1>' > site/index.html");
    await terminal().focus();
    await page.keyboard.type("python3 -m http.server -d site 3000 || busybox httpd -f -p 3000 -h site\n");
    await page.getByRole("button", { name: "Open preview" }).click(slow);
    const frame = page.frameLocator('iframe[title="Preview of port 3000 of research-agent"]');
    await frame.getByRole("heading", { name: "hello from the cave" }).waitFor(slow);
    expect(await page.getByRole("textbox", { name: "Address" }).inputValue()).toBe("localhost:3000/");
    await run("echo '<h1>second page</h1>' > site/second.html");
    await page.getByRole("textbox", { name: "Address" }).fill("localhost:3000/second.html");
    await page.keyboard.press("Enter");
    await frame.getByRole("heading", { name: "second page" }).waitFor(slow);
    await keepPicture(page, "workbench-preview-dark");
    expect(await accessibilityProblems(page)).toEqual([]);

    // What serves it tells times to the second: within one, nothing would be newer.
    await run("echo '<h1>written anew</h1>' > site/second.html; touch -d '+10 seconds' site/second.html");
    await page.getByRole("button", { name: "Reload the preview" }).click();
    await frame.getByRole("heading", { name: "written anew" }).waitFor(slow);
    const opening = context.waitForEvent("page");
    const bar = page.getByRole("toolbar", { name: "Preview" });
    await bar.getByRole("button", { name: "Open in a tab" }).click();
    const opened = await opening;
    await opened.getByRole("heading", { name: "written anew" }).waitFor(slow);
    expect(new URL(opened.url()).pathname).toBe("/second.html");
    await opened.close();
  });

  it("shares a port by a link that ends", async () => {
    await openPanel("Ports");
    const who = page.getByRole("combobox", { name: "Who may see port 3000" });
    await who.waitFor(slow);
    await who.selectOption("link");
    await page.getByRole("button", { name: "Make a link" }).click();
    const link = await page.getByRole("textbox", { name: "The new link" }).inputValue();
    const stranger = await browser.newContext();
    const visit = await stranger.newPage();
    await visit.goto(link);
    await visit.getByRole("link", { name: "second.html" }).or(visit.getByRole("heading")).first().waitFor();
    await stranger.close();
    await page.getByRole("button", { name: "Revoke" }).click();
    await page.getByText("No link is good at the moment.").waitFor();
    await page.keyboard.press("Escape");
    await who.selectOption("public");
    await page.getByRole("dialog", { name: "Make port 3000 public?" }).waitFor();
    await page.getByRole("button", { name: "Make it public" }).click();
    await expect.poll(() => who.inputValue()).toBe("public");
    const { ports } = await ghost.client.ports.list({ params: { cave: name } });
    const anybody = createVisitor({ port: Number(new URL(ghost.url).port) });
    const url = ports.find(({ port }) => port === 3000)?.url ?? "";
    expect((await anybody.get(url)).status).toBe(200);
    await who.selectOption("private");
    await expect.poll(() => who.inputValue()).toBe("private");
    await expect.poll(async () => (await anybody.get(url)).status, soon).not.toBe(200);
  });

  it("shows what runs, and ends it", async () => {
    await openPanel("Processes");
    const table = page.getByRole("table", { name: "Processes" });
    await table.getByText("http.server").first().waitFor(slow);
    await run("sleep 4321 >/dev/null 2>&1 &");
    const row = table.getByRole("row", { name: /sleep 4321/ });
    await row.first().waitFor(slow);
    await row.first().hover();
    await row.first().getByRole("button", { name: /^End / }).click();
    await expect.poll(() => row.count(), soon).toBe(0);
  });

  it("draws figures, and tells what happened", async () => {
    await openPanel("Metrics");
    await page.getByRole("img", { name: /^CPU: .* of 2 cores/ }).waitFor(slow);
    await openPanel("Activity");
    await page
      .getByText(/listens on port 3000/)
      .first()
      .waitFor(slow);
    await openPanel("Logs");
    await page.getByRole("combobox", { name: "Whose log" }).waitFor(slow);
    await keepPicture(page, "workbench-panels-dark");
    expect(await accessibilityProblems(page)).toEqual([]);
    // Somebody wishes for less motion.
    expect(await movingParts(page)).toEqual([]);
  });

  it("follows a log: in colour, searched and paused while it goes on", async () => {
    await run(
      "(i=0; until [ -e /tmp/quiet ]; do i=$((i+1)); printf '\\033[32mtick\\033[0m %04d of the log\\n' $i; sleep 0.05; done; " +
        "echo $i > /tmp/ticks) > /proc/1/fd/1 2>/dev/null &",
    );
    // Beside the terminal, so that both are seen.
    await tab("Logs").click();
    await page.keyboard.press("Alt+Shift+ArrowDown");
    const log = page.getByRole("log", { name: "Log of The cave" });
    const tick = log.getByText("tick", { exact: true }).first();
    await tick.waitFor(slow);
    expect(await tick.getAttribute("style")).toContain("--ok");

    await page.getByRole("searchbox", { name: "Show lines with" }).fill("tick 0007");
    await page.getByText(/^1 of \d+$/).waitFor(slow);
    expect(await log.locator("mark").allTextContents()).toEqual(["tick", " 0007"]);
    await page.getByRole("searchbox", { name: "Show lines with" }).fill("");

    const follow = page.getByRole("button", { name: "Follow" });
    const at = () => log.evaluate((one) => (one as unknown as { scrollTop: number }).scrollTop);
    const lines = () => log.evaluate((one) => (one as unknown as { scrollHeight: number }).scrollHeight);
    await log.focus();
    await page.keyboard.press("Home");
    expect(await follow.getAttribute("aria-pressed")).toBe("false");
    await expect.poll(at).toBe(0);
    const before = await lines();
    await expect.poll(lines, soon).toBeGreaterThan(before + 100);
    expect(await at()).toBe(0);
    await follow.click();
    await expect.poll(at, soon).toBeGreaterThan(0);
  });

  it("keeps the layout, the terminal and what it shows across a reload and a gateway that is killed", async () => {
    const before = await page.getByRole("tab").allTextContents();
    await page.reload();
    await tab(new RegExp(name)).first().click(slow);
    await connected();
    await expect
      .poll(async () => (await page.getByRole("tab").allTextContents()).sort(), soon)
      .toEqual(before.sort());
    const log = page.getByRole("log", { name: "Log of The cave" });
    await log.waitFor(slow);
    const loaded = await page.evaluate<number>("performance.timeOrigin");
    await ghost.kill("SIGKILL");
    await page.getByText("Reconnecting").first().waitFor(slow);
    await page.getByRole("toolbar", { name: "Logs" }).getByText("Reconnecting").waitFor(slow);
    await ghost.start();
    await connected();
    expect(await page.evaluate("performance.timeOrigin")).toBe(loaded);

    // Neither what was written while nobody asked is missing, nor is anything there twice.
    await run("touch /tmp/quiet; until [ -s /tmp/ticks ]; do sleep 0.1; done");
    const ticks = await run("cat /tmp/ticks");
    await page.getByRole("searchbox", { name: "Show lines with" }).fill("of the log");
    await page.getByText(new RegExp(`^${ticks} of \\d+$`)).waitFor(slow);
    await log.getByText(`${ticks.padStart(4, "0")} of the log`).waitFor(slow);

    await terminal().focus();
    await page.keyboard.press("Control+c");
    await page.keyboard.type("echo still-$((1+1)) > still.txt\n");
    await expect.poll(() => run("cat still.txt"), soon).toBe("still-2");
    await page.getByRole("treeitem", { name: "still.txt" }).waitFor(slow);
  });

  it("docks by keyboard and by hand, and finds a terminal again whose panel was closed", async () => {
    const groups = () => page.locator(".dv-groupview").count();
    await page.getByRole("button", { name: "Layout" }).click();
    await page.getByRole("menuitem", { name: /^Files and terminal/ }).click();
    await connected();
    await openPanel("Ports");
    const before = await groups();
    await tab("Ports").click();
    await page.keyboard.press("Alt+Shift+ArrowDown");
    await expect.poll(groups).toBe(before + 1);
    await page.keyboard.press("Alt+Shift+ArrowUp");
    await expect.poll(groups).toBe(before);
    await page.keyboard.press("Alt+Shift+Enter");
    await page.getByRole("button", { name: "Restore" }).waitFor();
    await page.keyboard.press("Alt+Shift+Enter");
    await dragTo(page, tab("Ports"), page.locator(".dv-groupview").last(), 0.95, 0.5);
    await expect.poll(groups).toBe(before + 1);
    await keepPicture(page, "workbench-split-dark");

    await terminal().focus();
    await page.keyboard.type("echo kept-$((40+5))\n");
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Search or run a command" }).fill("Open Terminal");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "New terminal" }).first().click();
    await expect.poll(() => tab(new RegExp(name)).count(), soon).toBe(2);
    await tab(new RegExp(name)).first().focus();
    await page.keyboard.press("Delete");
    await page
      .getByRole("group", { name: new RegExp(`^Panel .*${name}`) })
      .getByRole("button", { name: "Panel menu" })
      .click();
    await page.getByRole("menuitem", { name: new RegExp(name) }).click();
    await page.getByText("kept-45").first().waitFor(slow);
  });

  it("stops, starts in place with what was not saved, and says when it is gone", async () => {
    await page.getByRole("button", { name: "Layout" }).click();
    await page.getByRole("menuitem", { name: /^Files and terminal/ }).click();
    await page.getByRole("treeitem", { name: "here.txt" }).click();
    const text = page.getByRole("textbox", { name: "Text of /workspace/here.txt" });
    await text.waitFor({ ...slow, state: "attached" });
    await text.focus();
    await page.keyboard.type("unsaved ");
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await page.getByRole("heading", { name: `${name} is stopped` }).waitFor(slow);
    expect(await accessibilityProblems(page)).toEqual([]);
    await keepPicture(page, "workbench-stopped-dark");
    await page.getByRole("main").getByRole("button", { name: "Start" }).last().click();
    await connected();
    await page.getByText("unsaved").first().waitFor(slow);
    await page.getByRole("button", { name: "Save" }).click();
    await expect.poll(() => run("cat here.txt"), soon).toContain("unsaved");
    await ghost.client.caves.remove({ params: { cave: name } });
    await page.getByRole("heading", { name: `${name} was deleted` }).waitFor(slow);
    expect(problems).toEqual([]);
  });
});
