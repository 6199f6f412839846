import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../../support/browser.ts";
import { accessibilityProblems, keepPicture } from "../../support/dashboard-visit.ts";
import { type GatewayProcess, startGateway } from "../../support/gateway-process.ts";

const soon = { timeout: 30_000, interval: 200 };
const slow = { timeout: 90_000 };
const name = "studio";

/** What a dev server does: pages hold a WebSocket to it, and load anew when it says that something changed. */
const hotServer = `
import { createHash } from "node:crypto";
import { readFileSync, watchFile } from "node:fs";
import { createServer } from "node:http";
const page = () => "<h1>" + readFileSync("page.txt", "utf8").trim() + "</h1><script>" +
  "const open = () => { const socket = new WebSocket('ws://' + location.host + '/hot');" +
  "socket.onmessage = () => location.reload(); socket.onclose = () => setTimeout(open, 200); }; open();</script>";
const sockets = new Set();
const server = createServer((_, response) => response.setHeader("content-type", "text/html").end(page()));
server.on("upgrade", (request, socket) => {
  const accept = createHash("sha1")
    .update(request.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest("base64");
  socket.write("HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n" +
    "Sec-WebSocket-Accept: " + accept + "\\r\\n\\r\\n");
  sockets.add(socket);
  socket.on("error", () => undefined).on("close", () => sockets.delete(socket)).resume();
});
watchFile("page.txt", { interval: 100 }, () => sockets.forEach((socket) => socket.write(Buffer.from([0x81, 1, 114]))));
server.listen(4321);
`;

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
    expect(await accessibilityProblems(page)).toEqual([]);

    // What they say can be read, searched and is followed.
    await open(page, "Logs");
    await page.getByRole("combobox", { name: "Whose log" }).selectOption("code");
    const log = page.getByRole("log", { name: "Log of VS Code" });
    await log
      .getByText(/HTTP|listening|server/i)
      .first()
      .waitFor(slow);
    await page.getByRole("searchbox", { name: "Show lines with" }).fill("no such line at all");
    await page.getByText(/^0 of \d+/).waitFor();
    await page.getByRole("searchbox", { name: "Show lines with" }).fill("");

    // A desktop that starts where nobody sees it announces itself.
    await page.evaluate(
      `void new WebSocket(location.origin.replace(/^http/, "ws") + "/v1/caves/${name}/desktop?mode=view", "binary")`,
    );
    await page.getByText("The desktop started").waitFor(slow);
    await page.getByRole("button", { name: "Open desktop" }).click();
    await page.getByText("You are watching").waitFor(slow);
  });

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
    // What is run before there is a kernel is not run.
    const idle = { state: "attached", ...slow } as const;
    await notebook.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').waitFor(idle);
    await cell.press("Shift+Enter");
    await notebook.locator(".jp-OutputArea-output", { hasText: "42" }).waitFor(slow);
    await keepPicture(page, "workbench-jupyter-light");
  });

  it("previews an app that loads itself anew when it is changed, as wide as a device", async () => {
    await ghost.client.files.write({
      params: { cave: name },
      query: { path: "hot/server.mjs", mkdirs: true },
      body: hotServer,
    });
    await run("cd hot && echo one > page.txt");
    await ghost.client.processes.start({
      params: { cave: name },
      body: { command: "cd /workspace/hot && exec /opt/ghost/node/bin/node server.mjs" },
    });
    const page = await visit({ width: 1440, height: 900, theme: "dark" });
    await layout(page, "Terminal only");
    await open(page, "Preview");
    await page
      .getByRole("button", { name: /^:4321/ })
      .or(page.getByRole("combobox", { name: "Port" }))
      .first()
      .waitFor(slow);
    await page.getByRole("textbox", { name: "Address" }).fill("localhost:4321/");
    await page.keyboard.press("Enter");
    const frame = page.frameLocator(`iframe[title="Preview of port 4321 of ${name}"]`);
    await frame.getByRole("heading", { name: "one" }).waitFor(slow);
    await run("echo two > hot/page.txt");
    await frame.getByRole("heading", { name: "two" }).waitFor(slow);
    await page.getByRole("button", { name: "Phone, 390 px" }).click();
    const width = () =>
      frame
        .locator("body")
        .evaluate(
          (body) =>
            (body as unknown as { ownerDocument: { defaultView: { innerWidth: number } } }).ownerDocument
              .defaultView.innerWidth,
        );
    await expect.poll(width, soon).toBe(390);
    await keepPicture(page, "workbench-phone-preview-dark");

    // The frame is the same one all along: its socket comes back by itself.
    await ghost.kill("SIGKILL");
    await page.getByText("Reconnecting").first().waitFor(slow);
    await ghost.start();
    await page.getByText("Connected", { exact: true }).first().waitFor(slow);
    await run("echo three > hot/page.txt");
    await frame.getByRole("heading", { name: "three" }).waitFor(slow);
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
    await page.getByRole("button", { name: "Close the clipboard" }).click();

    // The desktop takes the panel's size, and its own again.
    const size = () => run("DISPLAY=:1 xdpyinfo | awk '/dimensions/ { print $2 }'");
    const before = await size();
    await page.getByRole("combobox", { name: "Size" }).selectOption("resize");
    await expect.poll(size, soon).not.toBe(before);
    await page.getByRole("combobox", { name: "Size" }).selectOption("fit");
    await page.getByRole("combobox", { name: "Quality" }).selectOption("slow");
    await page.getByRole("button", { name: "Full screen" }).click();
    const full = () => page.evaluate("document.fullscreenElement !== null");
    await expect.poll(full, soon).toBe(true);
    await page.evaluate("document.exitFullscreen()");
    await expect.poll(full, soon).toBe(false);

    // Who had control has it again after the gateway was away, on the same page.
    await ghost.kill("SIGKILL");
    await page.getByText("You have control").waitFor({ ...slow, state: "hidden" });
    await ghost.start();
    await page.getByText("You have control").waitFor(slow);
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
