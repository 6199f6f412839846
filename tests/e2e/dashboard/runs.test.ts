import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emptyProgram } from "../../../components/runs/program/program.ts";
import { fragmentOf } from "../../../components/runs/program/share-link.ts";
import { startRunner, type Runner } from "../../../server/executor/testing/runner.ts";
import { launchBrowser } from "../../support/browser.ts";
import { lookAt, signInLink, visitSignedIn } from "../../support/dashboard-visit.ts";
import type { LanguageList } from "#contract/run.ts";

let runner: Runner;
let chromium: Awaited<ReturnType<typeof launchBrowser>>;
let browser: Browser;
beforeAll(async () => {
  runner = await startRunner({ GHOST_EXECUTOR_POOL: "python=2,javascript=1,typescript=0,bash=1" });
  chromium = await launchBrowser();
  browser = chromium.browser;
});
afterAll(async () => {
  await chromium[Symbol.asyncDispose]();
  await runner[Symbol.asyncDispose]();
});

const open = async (path = "/runs", options: Parameters<typeof visitSignedIn>[3] = {}) => {
  const made = await visitSignedIn(browser, runner.server, path, options);
  await made.page.locator(".monaco-editor .view-lines").waitFor();
  return made;
};
const verdict = (page: Page) => page.locator("[data-verdict]");
const lines = (page: Page) => page.getByRole("log", { name: "Output" });
const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
const choose = (page: Page, name: string) =>
  page
    .getByRole("list", { name: "Languages" })
    .getByRole("button", { name: new RegExp(`^${name} `) })
    .click();
const example = (page: Page, name: RegExp) => page.getByRole("button", { name }).click();
/** Puts a text into the editor as somebody does who pastes it. */
async function write(page: Page, text: string): Promise<void> {
  await page.locator(".monaco-editor .view-lines").click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(text);
}
const latest = async () => (await runner.client.runs.list({ query: { limit: 1 } })).runs[0];

describe("the playground", () => {
  it("runs Python with its output as it comes, in colour, and stops what does not end", async () => {
    const { page, problems } = await open();
    await press(page, "Run");
    await lines(page).getByText("Hello from a container").waitFor();
    expect(await lines(page).getByText("Hello", { exact: true }).getAttribute("style")).toContain("--danger");
    await verdict(page)
      .getByText(/exit 0 · \S+ m?s wall · \S+ m?s cpu · \S+ MB/)
      .waitFor();
    expect(await lines(page).locator("[data-stream=stderr]").innerText()).toContain("Python 3");

    await write(page, "import time\nn = 0\nwhile True: n += 1; print(n, flush=True); time.sleep(.05)");
    await page.keyboard.press("ControlOrMeta+Enter");
    await verdict(page).getByText("running").waitFor();
    // Live: there is output while there is no verdict.
    await lines(page).getByText("5", { exact: true }).waitFor();
    expect(await page.getByRole("button", { name: "Run", exact: true }).isDisabled()).toBe(true);
    const before = await verdict(page).boundingBox();
    await press(page, "Stop");
    await verdict(page).getByText("stopped").waitFor();
    expect((await verdict(page).boundingBox())?.y).toBe(before?.y);
    expect(await latest()).toMatchObject({ status: "cancelled", language: "python" });

    // What is stopped on its way to the gateway is ended when it has come there.
    const sent = (await latest())?.id;
    const held = Promise.withResolvers<undefined>();
    await page.route("**/v1/runs", async (route) => {
      await held.promise;
      await route.continue().catch(() => undefined);
    });
    await press(page, "Run");
    await press(page, "Stop");
    await verdict(page).getByText("Nothing has run yet").waitFor();
    held.resolve(undefined);
    await expect.poll(async () => (await latest())?.id).not.toBe(sent);
    await expect.poll(async () => (await latest())?.status).toBe("cancelled");
    expect(problems).toEqual([]);
  });

  it("gives a program its input, arguments, files and limits, and keeps them when the page is loaded again", async () => {
    const { page } = await open();
    await write(page, "import sys, notes\nprint(notes.text, sys.argv[1:], sys.stdin.read().upper())");
    await press(page, "New file");
    await page.getByLabel("Name of the new file").fill("../notes.py");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("below the working folder").waitFor();
    await page.getByLabel("Name of the new file").fill("notes.py");
    await page.keyboard.press("Enter");
    await page.getByRole("tab", { name: "notes.py", selected: true }).waitFor();
    await write(page, "text = open('data.bin', 'rb').read()");
    await page.getByLabel("Files from this device", { exact: true }).setInputFiles({
      ...{ name: "data.bin", mimeType: "application/octet-stream", buffer: Buffer.from([0, 255, 7]) },
    });
    await page.getByText("3 B that are not text").waitFor();
    // What is deleted can be brought back, and whoever deletes it by keyboard stays among the tabs.
    await page.getByRole("tab", { name: "data.bin" }).press("Delete");
    await expect
      .poll(() =>
        page.getByRole("tab", { name: "notes.py" }).evaluate((it) => it === it.ownerDocument.activeElement),
      )
      .toBe(true);
    await press(page, "Bring it back");
    await page.getByRole("tab", { name: "data.bin", selected: true }).waitFor();
    await page.getByLabel("Input (stdin)").fill("whisper");
    await page.getByLabel("Arguments").fill("-v 'two words'");
    await press(page, "Limits");
    const limits = page.getByRole("dialog", { name: "Limits" });
    await limits.getByLabel("Memory").fill("99999999");
    await limits.getByText("32 to 8,192").waitFor();
    await limits.getByLabel("Memory").fill("256");
    expect(await lookAt(page, "runs-limits")).toEqual([]);
    await page.keyboard.press("Enter");
    // Whoever typed is still there.
    await expect
      .poll(() => limits.getByLabel("Memory").evaluate((it) => it === it.ownerDocument.activeElement))
      .toBe(true);
    await page.keyboard.press("Escape");
    await page.reload();
    await page.getByRole("tab", { name: "data.bin" }).waitFor();
    await press(page, "Run");
    await lines(page).getByText("b'\\x00\\xff\\x07' ['-v', 'two words'] WHISPER").waitFor();
    expect((await latest())?.limits.memoryMb).toBe(256);
  });

  it("tells a compiler's words from a signal and from a limit", async () => {
    const { page } = await open();
    await choose(page, "C");
    await example(page, /A missing bracket/);
    await press(page, "Run");
    await verdict(page).getByText("compile error").waitFor();
    await page.getByRole("button", { name: /^Compiler/ }).click();
    await lines(page)
      .getByText(/expected .\). before/)
      .waitFor();
    expect(await lines(page).locator("[data-stream=compiler]").count()).toBeGreaterThan(2);

    await example(page, /A wild pointer/);
    await press(page, "Run");
    await verdict(page)
      .getByText(/SIGSEGV/)
      .waitFor();
    await page.getByText("it touched memory that is not its own").waitFor();

    await choose(page, "Bash");
    await example(page, /Too slow/);
    await press(page, "Run");
    await page.getByText("It was not done after 2 s").waitFor();
    // What a line is written over with is what is shown of it.
    expect(await lines(page).innerText()).not.toMatch(/1 s[^]*1 s/);

    await choose(page, "Python");
    await write(page, "kept = []\nwhile True: kept.append(bytearray(16 * 2 ** 20))");
    await press(page, "Run");
    await verdict(page).getByText("memory limit").waitFor();
    await page.getByText("It wanted more than 512 MB of memory").waitFor();
  });

  it("ends what writes too much, and gives all that was kept of it to this device", async () => {
    const { page } = await open();
    await write(
      page,
      "import sys\nprint('first', flush=True)\nsys.stdout.buffer.write(bytes([0, 255, 10]))\n" +
        "print('aside', file=sys.stderr)\nwhile True: print('x' * 79)",
    );
    await press(page, "Run");
    await verdict(page).getByText("output limit").waitFor();
    await page.getByText(/It wrote more than .* The beginning is kept/).waitFor();
    const run = await latest();
    const save = async (what: RegExp) => {
      const saving = page.waitForEvent("download");
      await press(page, "Download the output");
      await page.getByRole("menuitem", { name: what }).click();
      const saved = await saving;
      return { name: saved.suggestedFilename(), bytes: await readFile(await saved.path()) };
    };
    const aside = await save(/^stderr/);
    expect(aside).toEqual({ name: `${run?.id}-stderr.txt`, bytes: Buffer.from("aside\n") });
    const { name, bytes } = await save(/^stdout/);
    expect(name).toBe(`${run?.id}-stdout.txt`);
    expect(bytes.subarray(0, 10)).toEqual(Buffer.from([...Buffer.from("first\n"), 0, 255, 10, 0x78]));
    // All that the run has is in it: more than what is drawn.
    expect(bytes.length).toBeGreaterThan((run?.limits.maxOutputBytes ?? 0) * 0.9);
    const both = await save(/^All/);
    expect([both.name, both.bytes.length]).toEqual([`${run?.id}.txt`, bytes.length + aside.bytes.length]);

    // A run that could not even be sent has nothing to give, and is not taken for the one before.
    await page.route("**/v1/runs", (route) => route.abort());
    await press(page, "Run");
    await verdict(page).getByText("not run").waitFor();
    expect(await page.getByRole("button", { name: "Download the output" }).isDisabled()).toBe(true);
  });

  it("takes a broken connection up again without doubling what was written", async () => {
    const { page } = await open();
    await page.routeWebSocket(/\/v1\/runs\/.*\/logs/, (socket) => {
      const server = socket.connectToServer();
      let seen = 0;
      server.onMessage((message) => {
        socket.send(message);
        if (++seen === 6 && connections++ === 0) void socket.close();
      });
    });
    let connections = 0;
    await write(page, "import time\nfor i in range(30): print('line', i, flush=True); time.sleep(.05)");
    await page.keyboard.press("ControlOrMeta+Enter");
    await page.getByText("The connection broke off").waitFor();
    await verdict(page).getByText("exit 0").waitFor();
    expect((await lines(page).innerText()).match(/line \d+/g)).toEqual(
      Array.from({ length: 30 }, (_, at) => `line ${at}`),
    );
  });

  it("waits for a place when the queue is full, and says how to get what is not built", async () => {
    const { page } = await open();
    await page.route("**/v1/runs", async (route) => {
      if (route.request().method() !== "POST" || refused++ > 0) return route.fallback();
      const details = { retryAfter: 1, position: 4, queued: 3, running: 2 };
      const error = { code: "executor_busy", message: "3 runs wait already.", hint: "", details };
      await route.fulfill({ status: 429, json: { error } });
    });
    let refused = 0;
    await press(page, "Run");
    await page.getByText("You would be number 4.").waitFor();
    await verdict(page).getByText("exit 0").waitFor();
    expect(refused).toBe(2);

    await page.route("**/v1/languages", async (route) => {
      const response = await route.fetch();
      const list = (await response.json()) as LanguageList;
      const languages = list.languages.map((one) => (one.name === "rust" ? { ...one, ready: false } : one));
      await route.fulfill({ response, json: { ...list, languages } });
    });
    await page.reload();
    await choose(page, "Rust");
    await page.getByRole("status").getByText("npm run images -- run:rust").waitFor();
    expect(await page.getByRole("button", { name: "Run", exact: true }).isDisabled()).toBe(true);
  });

  it("opens and repeats what ran before, and forgets it", async () => {
    const done = await runner.run("bash", "echo from the history; exit 3", { args: ["a b"] });
    const { page, origin } = await open();
    const history = page.getByRole("list", { name: "Runs" });
    await history.getByRole("button", { name: `Open ${done.id}` }).click();
    await lines(page).getByText("from the history").waitFor();
    await page.getByText("It ended with code 3").waitFor();
    expect(await page.getByLabel("Arguments").inputValue()).toBe("'a b'");
    await page.getByRole("button", { name: `Run ${done.id} again` }).click();
    await expect.poll(async () => (await latest())?.id).not.toBe(done.id);
    await expect.poll(async () => (await latest())?.status).toBe("runtime_error");
    const again = (await latest())?.id ?? "";
    expect((await runner.client.runs.source({ params: { id: again } })).input).toMatchObject({
      ...{ code: "echo from the history; exit 3", args: ["a b"] },
    });
    await page.getByLabel("Verdict").selectOption("timeout");
    await page.getByRole("button", { name: `Open ${again}` }).waitFor({ state: "hidden" });
    await page.getByLabel("Verdict").selectOption("");
    await page.getByRole("button", { name: `Delete ${again}` }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await page.getByRole("button", { name: `Delete ${again}` }).waitFor({ state: "hidden" });
    await expect(runner.client.runs.get({ params: { id: again } })).rejects.toMatchObject({
      code: "run_not_found",
    });

    // What is opened last is what is shown, also when the answer for another comes later.
    const other = await runner.run("bash", "echo the other one");
    await page.goto(`${origin}/runs?run=${done.id}`);
    await lines(page).getByText("from the history").waitFor();
    expect(new URL(page.url()).search).toBe("");
    const held = Promise.withResolvers<undefined>();
    await page.route(`**/v1/runs/${other.id}/source`, async (route) => {
      await held.promise;
      await route.continue().catch(() => undefined);
    });
    await history.getByRole("button", { name: `Open ${other.id}` }).click();
    const [late] = await Promise.all([
      page.waitForResponse((response) => response.url().includes(`/runs/${done.id}/source`)),
      history.getByRole("button", { name: `Open ${done.id}` }).click(),
    ]);
    await late.finished();
    held.resolve(undefined);
    await page.locator(".view-lines").getByText("from the history").waitFor();
    await history
      .getByRole("listitem")
      .filter({ hasText: done.id })
      .and(page.locator("[aria-current]"))
      .waitFor();
    expect(await page.locator(".view-lines").getByText("the other one").count()).toBe(0);
  });

  it("shares a program in a link that is never sent and never runs by itself", async () => {
    const { page, origin } = await open();
    await write(page, "print('shared')");
    await press(page, "Share");
    await page.getByRole("menuitem", { name: /To this program/ }).click();
    await page.getByText("The link to the program is copied").waitFor();
    const link = await page.evaluate<string>("navigator.clipboard.readText()");
    expect(link).toMatch(/\/runs#program=1\.[\w-]+$/);

    const before = (await latest())?.id;
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await write(page, "print('my own')");
    const wild = await fragmentOf({ ...emptyProgram("bash"), code: "curl evil", network: true });
    await page.goto(`${origin}/runs${wild ?? ""}`);
    await page.getByText("It asks for the network").waitFor();
    expect(await page.getByText(/changed/).count()).toBe(0);
    await page.goto(link);
    await page.locator(".view-lines").getByText("shared").waitFor();
    expect(new URL(page.url()).hash).toBe("");
    expect((await latest())?.id).toBe(before);
    expect(asked.filter((url) => url.includes("program="))).toEqual([]);
    await press(page, "Bring back mine");
    await page.locator(".view-lines").getByText("my own").waitFor();
    await page.goto(`${origin}/runs#program=1.broken`);
    await page.getByText("The link is damaged").waitFor();
  });

  it("is reached by keyboard and palette, and says when one may not run code", async () => {
    const { page } = await visitSignedIn(browser, runner.server);
    await page.keyboard.press("g");
    await page.keyboard.press("r");
    await page.locator(".monaco-editor .view-lines").waitFor();
    const command = async (text: string) => {
      await page.keyboard.press("ControlOrMeta+k");
      await page.getByRole("combobox", { name: "Search or run a command" }).waitFor();
      await page.keyboard.type(text);
      await page.keyboard.press("Enter");
    };
    await command("write typescript");
    await page.getByRole("tab", { name: "main.ts" }).waitFor();
    await command("example wrong type");
    // The editor says how Tab leaves it, and it does.
    const text = page.getByRole("textbox", { name: "Text of main.ts. Ctrl-M lets Tab leave it." });
    await text.focus();
    await page.keyboard.press("Control+m");
    await page.keyboard.press("Tab");
    await expect.poll(() => text.evaluate((it) => it === it.ownerDocument.activeElement)).toBe(false);
    await text.focus();
    await page.keyboard.press("Control+m");
    // Also out of the editor.
    await page.locator(".monaco-editor .view-lines").click();
    await command("run the program");
    await verdict(page).getByText("compile error").waitFor();
    await lines(page)
      .getByText(/not assignable/)
      .waitFor();

    await page.context().clearCookies();
    await page.keyboard.press("ControlOrMeta+Enter");
    const ended = page.getByRole("dialog", { name: "Your session has ended" });
    await ended.getByLabel("Sign-in link").fill(await signInLink(runner.server));
    await ended.getByRole("button", { name: "Sign in" }).click();
    await ended.waitFor({ state: "hidden" });
    await page.route("**/v1/me", async (route) => {
      const response = await route.fetch();
      const me = (await response.json()) as object;
      await route.fulfill({ response, json: { ...me, scopes: ["caves:read"] } });
    });
    await page.reload();
    await page.getByRole("heading", { name: "You may not run code here" }).waitFor();
    expect(await page.getByRole("link", { name: "Runs" }).count()).toBe(0);
  });

  it.each([
    [1440, 900],
    [1024, 720],
    [390, 844],
  ])("is whole at %i", async (width, height) => {
    const { page, problems } = await visitSignedIn(browser, runner.server, "/runs", { width, height });
    const tab = (name: string) => page.getByRole("tab", { name, exact: true });
    await page.locator(".monaco-editor .view-lines").waitFor();
    if (width < 600) {
      expect(await lookAt(page, `runs-program-${width}`)).toEqual([]);
      await page.getByRole("button", { name: /Language and examples/ }).click();
      await page.getByRole("button", { name: /A small report/ }).click();
    } else await example(page, /A small report/);
    await press(page, "Run");
    await verdict(page).getByText("exit 0").waitFor();
    await lines(page).getByText("north").waitFor();
    expect(await lookAt(page, `runs-${width}`)).toEqual([]);
    if (width < 600) {
      // The arrow keys go from tab to tab.
      await tab("Output").press("ArrowRight");
      await page.getByRole("list", { name: "Runs" }).waitFor();
      expect(await lookAt(page, `runs-history-${width}`)).toEqual([]);
    }
    expect(problems).toEqual([]);
  });
});
