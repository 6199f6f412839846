import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchBrowser } from "../../support/browser.ts";
import { lookAt, signInLink, visit } from "../../support/dashboard-visit.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";

let ghost: TestServer;
let chromium: Awaited<ReturnType<typeof launchBrowser>>;
let browser: Browser;
beforeAll(async () => {
  ghost = await startTestServer({ inside: {} });
  chromium = await launchBrowser();
  browser = chromium.browser;
});
afterAll(async () => {
  await chromium[Symbol.asyncDispose]();
  await ghost[Symbol.asyncDispose]();
});

it("asks who comes for their link, signs in where they are, and stays there", async () => {
  const { page, origin, problems } = await visit(browser, ghost);
  await page.goto(`${origin}/?q=state:running`);
  await page.getByRole("heading", { name: "Sign in to Ghost" }).waitFor();
  expect(await lookAt(page, "sign-in")).toEqual([]);
  await page.getByLabel("Sign-in link").fill("nonsense");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("That is no sign-in link").waitFor();
  await page.getByLabel("Sign-in link").fill(`${origin}/sign-in${await signInLink(ghost)}`);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Caves" }).waitFor();
  expect(new URL(page.url()).search).toBe("?q=state:running");
  expect(problems).toEqual([]);
});

it("is loaded once more when one of its scripts did not arrive", async () => {
  const { page, origin } = await visit(browser, ghost);
  await page.route("**/_next/static/chunks/*.js", (route) => route.abort(), { times: 1 });
  await page.goto(`${origin}/sign-in${await signInLink(ghost)}`);
  await page.getByRole("navigation", { name: "Pages" }).waitFor();
});
