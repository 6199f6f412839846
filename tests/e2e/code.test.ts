import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Lab, openLab } from "../support/lab.ts";

/** VS Code as somebody meets it in a browser. */
describe("VS Code", () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await openLab();
    await lab.put("README.md", "# Cave painting\n");
    await lab.put("src/main.py", "print('one')\nprint('two')\nprint('three')\n");
  });
  afterAll(async () => lab[Symbol.asyncDispose]());

  it("opens the workspace without questions, in the colours of the browser", async () => {
    const { page } = lab;
    await lab.go("code");
    await page.getByRole("treeitem", { name: "README.md" }).waitFor();
    expect(await page.title()).toMatch(/workspace/);
    expect(await page.locator(".monaco-workbench").getAttribute("class")).toMatch(/vs-dark/);
    expect(await page.getByRole("dialog").count()).toBe(0);
    expect(new URL(page.url()).searchParams.get("folder")).toBe("/workspace");
    expect(page.url()).not.toContain("ticket");
    // A tab that is gone keeps what runs for it ten minutes, not VS Code's three hours.
    const graces =
      "cat /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n' | grep RECONNECTION_GRACE | sort -u";
    await expect.poll(() => lab.sh(graces)).toBe("VSCODE_RECONNECTION_GRACE_TIME=600000\n");
  });

  it("opens a file at a line, and saves what is typed there", async () => {
    const { page } = lab;
    await lab.go("code", "/workspace/src/main.py:2:1");
    await page.locator(".statusbar-item", { hasText: "Ln 2, Col 1" }).waitFor();
    await page.keyboard.type("print('saved')\n");
    await page.keyboard.press("Control+s");
    await expect
      .poll(() => lab.sh("cat src/main.py"), { timeout: 20_000 })
      .toBe("print('one')\nprint('saved')\nprint('two')\nprint('three')\n");
  });

  it("has a terminal, in the workspace and with the cave's variables", async () => {
    const { page } = lab;
    await page.keyboard.press("Control+`");
    await page.locator(".terminal-wrapper .xterm-screen").waitFor();
    await page.locator(".terminal-wrapper .xterm-screen").click();
    await page.keyboard.type("echo $PWD $GHOST_CAVE_ID $((6 * 7)) > said.txt\n");
    await expect
      .poll(() => lab.sh("cat said.txt 2>/dev/null || true"), { timeout: 20_000 })
      .toBe(`/workspace ${lab.cave} 42\n`);
  });

  it("leads from its Ports view to the cave's own address of what its terminal starts", async () => {
    const { page } = lab;
    await page.locator(".terminal-wrapper .xterm-screen").click();
    await page.keyboard.type("python3 -m http.server 8123 > /dev/null 2>&1 &\n");
    await page.keyboard.press("F1");
    await page.locator(".quick-input-widget input").fill(">Ports: Focus on Ports View");
    await page.locator(".quick-input-list").getByText("Ports: Focus on Ports View").first().click();
    const row = page.locator(".ports-view, [id='~remote.forwardedPorts']").getByText(`8123--${lab.cave}`);
    await row.first().waitFor({ timeout: 60_000 });
  });

  it("renders a web view", async () => {
    const { page } = lab;
    await lab.go("code", "/workspace/README.md");
    await page.getByRole("button", { name: "Open Preview to the Side" }).click();
    const preview = page.frameLocator("iframe.webview").frameLocator("iframe#active-frame");
    await preview.locator("h1", { hasText: "Cave painting" }).waitFor({ timeout: 30_000 });
  });

  it("asks nobody else for anything", () => {
    expect([...lab.strangers]).toEqual([]);
  });
});
