import { expect, it } from "vitest";
import { launchBrowser } from "../../support/browser.ts";
import { keepPicture } from "../../support/dashboard-visit.ts";
import { startGateway } from "../../support/gateway-process.ts";

it("goes from nothing to a live page in a cave with one click", async () => {
  await using ghost = await startGateway();
  await using chromium = await launchBrowser();
  const context = await chromium.browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.goto(await ghost.signInUrl());
  await page.getByRole("button", { name: "Make a sample cave" }).click();
  const steps = page.getByRole("list", { name: "Progress" });
  await steps.getByText("Serve a page").waitFor();
  await page.waitForURL("**/caves/sample*", { timeout: 60_000 });
  const preview = page.frameLocator('iframe[title="Preview of port 3000 of sample"]');
  await preview.getByRole("heading", { name: "Hello from a cave" }).waitFor({ timeout: 30_000 });
  expect(await page.getByRole("textbox", { name: "Address" }).inputValue()).toBe("localhost:3000/");
  expect(new URL(page.url()).search).toBe("");
  await keepPicture(page, "sample-preview");
});
