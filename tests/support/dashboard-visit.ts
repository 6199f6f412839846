import { mkdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { issueSignInUrl } from "../../server/auth/sign-in.ts";
import type { TestServer } from "./test-server.ts";

export interface Visit {
  readonly page: Page;
  readonly origin: string;
  /** What the page complained of, and whom else it asked for something: stays empty. */
  readonly problems: string[];
}

/** A page of somebody who is not signed in. */
export async function visit(
  browser: Browser,
  ghost: TestServer,
  options: { width?: number; height?: number; theme?: "dark" | "light" } = {},
): Promise<Visit> {
  const { width = 1440, height = 900, theme = "dark" } = options;
  // Browsers keep a `Secure` cookie of a plain-HTTP page on localhost alone.
  const origin = `http://localhost:${ghost.port}`;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    reducedMotion: "reduce",
    ...(width < 600 && { hasTouch: true, isMobile: true }),
  });
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("console", (message) => {
    // A container that starts anywhere on the machine changes its network, which browsers break off what they load for.
    if (message.type() === "error" && !/status of 401|ERR_NETWORK_CHANGED/.test(message.text()))
      problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("request", (request) => {
    if (!/^(?:data|blob):/.test(request.url()) && !request.url().startsWith(`${origin}/`))
      problems.push(request.url());
  });
  return { page, origin, problems };
}

export async function signInLink(ghost: TestServer, user = "admin"): Promise<string> {
  const account = await ghost.ctx.store.accounts.find(user);
  return new URL(await issueSignInUrl(ghost.ctx, account?.id ?? "")).hash;
}

/** The same, signed in and at an address. */
export async function visitSignedIn(
  browser: Browser,
  ghost: TestServer,
  path = "/",
  options: Parameters<typeof visit>[2] = {},
): Promise<Visit> {
  const made = await visit(browser, ghost, options);
  await made.page.goto(`${made.origin}/sign-in${await signInLink(ghost)}`);
  await made.page.getByRole("navigation", { name: "Pages" }).waitFor();
  if (path !== "/") await made.page.goto(`${made.origin}${path}`);
  return made;
}

const pictures = join(import.meta.dirname, "../../test-results/screenshots");

/** Keeps a picture of the page for people to look at. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`) });
}

const axeFile = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

const everyRule = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** What a theme can break. */
const colourRules = ["color-contrast", "link-in-text-block"];

/** What axe finds wrong on the page as it is, one line each. */
export async function accessibilityProblems(page: Page, rules = everyRule): Promise<string[]> {
  // Not as a script tag: the page's policy refuses those, as it should.
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(await readFile(axeFile, "utf8"));
  // What it passed is most of what it says.
  const violations = await page.evaluate<Violation[]>(
    `axe.run(document, { runOnly: ${JSON.stringify(rules)}, resultTypes: ["violations"] }).then(({ violations }) => violations)`,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`),
  );
}

/** What axe finds wrong on the page, dark and light. Of each, a picture is kept. */
export async function lookAt(page: Page, name: string): Promise<string[]> {
  const problems: string[] = [];
  for (const theme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await page.locator(`html[data-theme=${theme}]`).waitFor({ state: "attached" });
    const found = await accessibilityProblems(page, theme === "dark" ? everyRule : colourRules);
    problems.push(...found.map((problem) => `${theme}: ${problem}`));
    await keepPicture(page, `${name}-${theme}`);
  }
  return problems;
}

/** The classes of what has an animation or a transition that somebody would see. */
export async function movingParts(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`Array.from(document.querySelectorAll("*")).flatMap((one) => {
    const { animationName, animationDuration, transitionDuration } = getComputedStyle(one);
    const times = [transitionDuration, animationName === "none" ? "0s" : animationDuration].join().split(",");
    return times.some((time) => parseFloat(time) > 0.001) ? [String(one.getAttribute("class"))] : [];
  })`);
}

interface Violation {
  id: string;
  nodes: { html: string; failureSummary: string }[];
}
