import { expect, it } from "vitest";
import { issueSignInUrl } from "../../server/auth/sign-in.ts";
import { launchBrowser } from "../support/browser.ts";
import { startTestServer } from "../support/test-server.ts";

it("signs in with the link, shows every operation, and asks nobody else for anything", async () => {
  await using ghost = await startTestServer({ inside: {} });
  await using chromium = await launchBrowser();
  const { browser } = chromium;
  const page = await browser.newPage();
  const problems: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().includes("401")) problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !url.startsWith("data:")) problems.push(url);
  });
  // Browsers keep a `Secure` cookie of a plain-HTTP page on localhost.
  const origin = `http://localhost:${ghost.port}`;
  const user = await ghost.ctx.store.accounts.find("admin");
  const link = new URL(await issueSignInUrl(ghost.ctx, user?.id ?? ""));

  await page.goto(`${origin}/docs`);
  await page.getByLabel("paste a token").fill(ghost.token);
  await page.getByRole("button", { name: "Show the API" }).click();
  await page.getByText("/v1/caves/{cave}/exec").first().waitFor();

  // As when a link is pasted where the page is open already: only the fragment changes.
  await page.goto(`${origin}/sign-in`);
  await page.getByText("Open the sign-in link").waitFor();
  await page.goto(`${origin}/sign-in${link.hash}`);
  await page.getByRole("heading", { name: "Caves" }).waitFor();
  await page.goto(`${origin}/docs`);
  await page.getByText("/v1/caves/{cave}/exec").first().waitFor();
  const document = (await ghost.client.system.openapi()) as { paths: Record<string, object> };
  const operations = Object.values(document.paths).flatMap((methods) => Object.keys(methods)).length;
  expect(await page.locator(".opblock").count()).toBe(operations);

  const me = page.locator(".opblock", { hasText: "Who is calling" });
  await me.locator(".opblock-summary-control").click();
  await me.getByRole("button", { name: "Execute" }).click();
  await me.getByText('"via": "session"').first().waitFor();

  await page.goto(`${origin}/sign-in${link.hash}`);
  await page.getByText("This sign-in link was used already").waitFor();
  expect(problems).toEqual([]);
});
