import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchBrowser } from "../../support/browser.ts";
import { lookAt, signInLink, visitSignedIn } from "../../support/dashboard-visit.ts";
import { startFleetServer } from "../../support/fleet.ts";
import type { TestServer } from "../../support/test-server.ts";

let ghost: TestServer;
let chromium: Awaited<ReturnType<typeof launchBrowser>>;
let browser: Browser;
beforeAll(async () => {
  ghost = await startFleetServer();
  chromium = await launchBrowser();
  browser = chromium.browser;
});
afterAll(async () => {
  await chromium[Symbol.asyncDispose]();
  await ghost[Symbol.asyncDispose]();
});

it("has every page for everybody, dark and light", async () => {
  const { page, origin, problems } = await visitSignedIn(browser, ghost);
  for (const name of ["Secrets", "Tokens", "System", "Settings"]) {
    await page.getByRole("link", { name, exact: true }).click();
    await page.getByRole("heading", { name, level: 1 }).waitFor();
    await expect.poll(() => page.getByRole("status", { name: /Loading/ }).count()).toBe(0);
    expect(await lookAt(page, name.toLowerCase())).toEqual([]);
  }
  expect(problems).toEqual([]);
  await page.goto(`${origin}/system`);
  await page.getByRole("heading", { name: "docker" }).waitFor();
});

it("makes a token that works, shows it once, and revokes it", async () => {
  const { page } = await visitSignedIn(browser, ghost, "/tokens");
  await page.getByRole("button", { name: "New token" }).first().click();
  await page.getByLabel("What it is for").fill("CI");
  expect(await lookAt(page, "new-token")).toEqual([]);
  await page.getByRole("button", { name: "Make the token" }).click();
  const shown = page.getByRole("dialog", { name: "The token CI" });
  const secret = await shown.locator("code").innerText();
  // Its button says when it cannot copy, as on a page that came over plain HTTP.
  await page.evaluate("navigator.clipboard.writeText = () => Promise.reject(new Error('refused'))");
  await shown.getByRole("button", { name: "Copy the token" }).click();
  await page.getByText("It was not copied").waitFor();
  expect((await ghost.as(secret).accounts.me()).via).toBe("token");
  await shown.getByRole("button", { name: "I have it" }).click();
  expect(await page.getByText(secret).count()).toBe(0);
  await page.getByRole("button", { name: "Revoke CI" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await page.getByRole("button", { name: "Revoke CI" }).waitFor({ state: "hidden" });
  await expect(ghost.as(secret).accounts.me()).rejects.toMatchObject({ code: "unauthenticated" });
});

it("stores a secret without ever showing it, and adds a user and deletes them with what they have", async () => {
  const { page, origin } = await visitSignedIn(browser, ghost, "/secrets");
  await page.getByRole("button", { name: "New secret" }).first().click();
  await page.getByLabel("Name").fill("API_KEY");
  await page.getByLabel("Value").fill("quite-secret");
  expect(await lookAt(page, "new-secret")).toEqual([]);
  await page.getByRole("button", { name: "Store" }).click();
  await page.getByRole("cell", { name: "API_KEY", exact: true }).waitFor();
  expect(await page.getByText("quite-secret").count()).toBe(0);
  await page.goto(`${origin}/settings`);
  await page.getByRole("button", { name: "Add a user" }).click();
  await page.getByLabel("Name").fill("ada");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  expect(await page.getByRole("dialog", { name: "ada may sign in" }).locator("code").innerText()).toContain(
    "#ticket=",
  );
  await page.getByRole("button", { name: "Done" }).click();
  await ghost
    .as(await ghost.tokenOf("ada", ["caves:read", "caves:write"]))
    .caves.create({ body: { name: "hers", image: "ubuntu:24.04" } });
  await page.getByRole("row", { name: /ada/ }).getByRole("cell", { name: "1", exact: true }).waitFor();
  await page.getByRole("button", { name: "Delete ada" }).click();
  const question = page.getByRole("dialog", { name: "Delete ada?" });
  expect(await lookAt(page, "delete-user")).toEqual([]);
  expect(await question.getByRole("button", { name: "Delete ada" }).isDisabled()).toBe(true);
  await question.getByRole("textbox").fill("ada");
  await question.getByRole("button", { name: "Delete ada" }).click();
  await page.getByRole("row", { name: /ada/ }).waitFor({ state: "hidden" });
  expect((await ghost.client.caves.list()).total).toBe(0);
});

it("finds out in the browser what pages and caves need", async () => {
  const { page, problems } = await visitSignedIn(browser, ghost, "/system");
  await page.getByRole("region", { name: "Disk" }).getByText("docker does not say what it keeps").waitFor();
  await page.getByRole("button", { name: "Run the self-test" }).click();
  const finding = (name: string) =>
    page.getByRole("list", { name: "Findings" }).getByRole("listitem").filter({ hasText: name });
  await finding("App hosts").getByLabel("Works").waitFor();
  await finding("Cookies in frames").getByLabel("Works").waitFor();
  await finding("WebSocket").getByLabel("Not tried").waitFor();
  await finding("Storage").getByLabel("Works").waitFor();
  expect(await lookAt(page, "self-test")).toEqual([]);
  // The one other host that is asked is that of an app, by the two checks that are about it.
  const check = `http://1--self-test.localhost:${ghost.port}/.ghost/check`;
  expect(problems).toEqual([check, `${check}?answer`, check, `${check}?answer`]);
});

it("keeps the theme that was chosen, and shows no other one first", async () => {
  const { page } = await visitSignedIn(browser, ghost, "/settings");
  await page.getByRole("radio", { name: "Light" }).click();
  await page.reload();
  await page.getByRole("radio", { name: "Light", checked: true }).waitFor();
  expect(await page.locator("html").getAttribute("data-theme")).toBe("light");
});

it("says on the open page that the session was revoked, and goes on with a new link", async () => {
  const { page } = await visitSignedIn(browser, ghost, "/settings");
  await page.getByRole("table", { name: "Users" }).waitFor();
  // By nothing that the page asks: it is told.
  await page.evaluate('fetch("/v1/session", { method: "DELETE" })');
  const dialog = page.getByRole("dialog", { name: "Your session has ended" });
  await dialog.waitFor();
  expect(await lookAt(page, "session-ended")).toEqual([]);
  await dialog.getByLabel("Sign-in link").fill(await signInLink(ghost));
  await dialog.getByRole("button", { name: "Sign in" }).click();
  await dialog.waitFor({ state: "hidden" });
  await page.getByRole("link", { name: "Tokens" }).click();
  await page.getByRole("heading", { name: "Tokens", level: 1 }).waitFor();
});

it("answers an address that nothing is at with a page for people, and with data for programs", async () => {
  const { page, origin } = await visitSignedIn(browser, ghost);
  for (const path of ["/nothing/here", "/caves/a/b", "/CAVES"]) {
    expect((await page.goto(`${origin}${path}`))?.status()).toBe(404);
    await page.getByRole("heading", { name: "There is nothing at this address", level: 1 }).waitFor();
  }
  expect(await lookAt(page, "not-found")).toEqual([]);
  await page.getByRole("link", { name: "All caves" }).click();
  await page.getByRole("heading", { name: "Caves", level: 1 }).waitFor();
  for (const [path, accept] of [
    ["/nothing", "application/json"],
    ["/nothing", "*/*"],
    ["/v1/nothing", "text/html"],
  ] as const) {
    const answer = await fetch(`${origin}${path}`, { headers: { accept } });
    expect([answer.status, await answer.json()]).toMatchObject([404, { error: { code: "not_found" } }]);
  }
  expect((await page.goto(`${origin}/caves/nowhere`))?.status()).toBe(200);
  await page.getByRole("alert").getByRole("heading", { name: "There is no cave nowhere" }).waitFor();
  expect(await lookAt(page, "no-cave")).toEqual([]);
  await page.getByRole("link", { name: "Make one of this name" }).click();
  await expect
    .poll(() => page.getByRole("dialog").getByLabel("Name", { exact: true }).inputValue())
    .toBe("nowhere");
});

const budgets = { "/": 250_000, "/runs": 250_000, "/caves/_": 350_000 };

it.each(Object.entries(budgets))("loads no more than its budget of scripts at %s", (path, budget) => {
  const out = join(import.meta.dirname, "../../../out");
  const { files } = JSON.parse(readFileSync(join(out, "site.json"), "utf8")) as {
    files: Record<string, { file: string; bytes: number; gzip?: number }>;
  };
  const html = readFileSync(join(out, files[path]?.file ?? ""), "utf8");
  const scripts = new Set(
    [...html.matchAll(/<script\b[^>]*\bsrc="([^"]+)"[^>]*>/g)].flatMap(([tag, src = ""]) =>
      /nomodule/i.test(tag) ? [] : [src],
    ),
  );
  const total = [...scripts].reduce(
    (sum, src) => sum + (files[src]?.gzip ?? files[src]?.bytes ?? Infinity),
    0,
  );
  expect(scripts.size).toBeGreaterThan(3);
  expect(total).toBeLessThan(budget);
});

it("lets nothing be a script that the build has not made", async () => {
  const { page, origin } = await visitSignedIn(browser, ghost);
  const policy = (await fetch(origin)).headers.get("content-security-policy") ?? "";
  expect(policy).toMatch(/script-src 'self' 'sha256-/);
  expect(policy).not.toMatch(/script-src[^;]*unsafe/);
  await page.evaluate(
    'document.body.append(Object.assign(document.createElement("script"), { textContent: "window.ran = true" }))',
  );
  expect(await page.evaluate("window.ran")).toBeUndefined();
  expect((await fetch(`${origin}/caves/anything`)).status).toBe(200);
  expect((await fetch(`${origin}/site.json`)).status).toBe(404);
  expect((await fetch(`${origin}/caves/%2e%2e/site.json`)).status).toBe(404);
});
