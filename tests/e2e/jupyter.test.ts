import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Lab, openLab } from "../support/lab.ts";

interface Notebook {
  cells: { outputs: { data?: Record<string, unknown>; text?: string[] }[] }[];
}

describe("JupyterLab", () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await openLab();
  });
  afterAll(async () => lab[Symbol.asyncDispose]());

  /** Runs the code in the first cell of a new notebook, saves it under the name and gives back the cell. */
  async function notebook(kernel: string, code: string, name: string): Promise<Notebook["cells"][number]> {
    const { page } = lab;
    await lab.go("jupyter", "/lab?reset");
    await page.locator(`.jp-LauncherCard[data-category="Notebook"][title^="${kernel}"]`).click();
    const shown = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)");
    await page.getByText(/ \| Idle$/).waitFor({ timeout: 60_000 });
    await shown.locator(".cm-content").first().fill(code);
    await shown.locator(".cm-content").first().press("Shift+Enter");
    const picture = shown.locator(".jp-OutputArea-output img");
    await picture.waitFor({ timeout: 60_000 });
    expect((await picture.boundingBox())?.width).toBeGreaterThan(100);
    await page.keyboard.press("Control+s");
    await page.locator(".jp-Dialog input").first().fill(name);
    await page.getByRole("button", { name: "Rename" }).click();
    const saved = () => lab.sh(`cat ${name} 2>/dev/null || echo '{"cells":[{"outputs":[]}]}'`);
    await expect.poll(saved, { timeout: 20_000 }).toContain("image/png");
    const [cell] = (JSON.parse(await saved()) as Notebook).cells;
    if (!cell) throw new Error("The notebook has no cell.");
    return cell;
  }

  it("runs Python, plots and saves", async () => {
    const code = "import matplotlib.pyplot as plt\nplt.plot([1, 4, 2])\nprint(6 * 7)";
    const { outputs } = await notebook("Python 3", code, "plot.ipynb");
    expect(outputs[0]?.text).toEqual(["42\n"]);
    expect(lab.page.url()).not.toContain("ticket");
  });

  it("runs R, plots and saves", async () => {
    const { outputs } = await notebook("R", "cat(6 * 7)\nplot(1:3)", "plot-r.ipynb");
    expect(JSON.stringify(outputs)).toContain("42");
  });

  it("has a terminal in the workspace", async () => {
    const { page } = lab;
    await lab.go("jupyter", "/lab?reset");
    await page.locator('.jp-LauncherCard[data-category="Other"]', { hasText: "Terminal" }).click();
    await page.locator(".jp-Terminal .xterm-screen").click();
    await page.keyboard.type("echo $PWD $GHOST_CAVE_ID > said.txt\n");
    await expect
      .poll(() => lab.sh("cat said.txt 2>/dev/null || true"), { timeout: 20_000 })
      .toBe(`/workspace ${lab.cave}\n`);
  });

  it("asks nobody else for anything", () => {
    expect([...lab.strangers]).toEqual([]);
  });
});
