import { expect, it } from "vitest";
import { launchBrowser } from "../../support/browser.ts";
import { keepPicture } from "../../support/dashboard-visit.ts";
import { startGateway } from "../../support/gateway-process.ts";

it("goes from nothing to a live page in a cave with one click", async () => {
  await using ghost = await startGateway();
  await using chromium = await launchBrowser();
  const context = await chromium.browser.newContext({
    viewport: { width: 1440, height: 900 },
    colorScheme: "dark",
  });
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
  await page.getByText("Connected", { exact: true }).first().waitFor();
  await keepPicture(page, "sample-preview");

  await page.getByRole("link", { name: "System", exact: true }).click();
  const disk = page.getByRole("region", { name: "Disk" });
  await disk.getByText("Workspaces and homes").waitFor({ timeout: 30_000 });
  const [backend] = (await ghost.client.system.backends({ query: { disk: true } })).backends;
  expect(backend?.disk?.imagesBytes).toBeGreaterThan(100_000_000);
  await page.getByRole("button", { name: "Run the self-test" }).click();
  const findings = page.getByRole("list", { name: "Findings" });
  await findings
    .getByLabel("Does not work")
    .or(findings.getByText("are kept"))
    .first()
    .waitFor({ timeout: 60_000 });
  await page.getByRole("button", { name: "Run again" }).and(page.locator(":not([aria-busy])")).waitFor();
  expect(
    await findings.getByRole("listitem").filter({ hasText: "WebSocket" }).getByLabel("Works").count(),
  ).toBe(1);
  await keepPicture(page, "system-real");
});
