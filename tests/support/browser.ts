import { chromium, type Browser } from "playwright-core";

/** A Chromium that asks nobody but the pages it is shown. `npm test` says in GHOST_CHROMIUM where it is. */
export async function launchBrowser(): Promise<AsyncDisposable & { browser: Browser }> {
  const browser = await chromium.launch({
    executablePath: process.env["GHOST_CHROMIUM"] ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-background-networking",
      // Instead of the list the driver gives: in it is the partitioning of storage, without which frames of other sites have none.
      "--disable-features=MediaRouter,HttpsUpgrades,OptimizationHints",
      "--disable-component-update",
      "--disable-quic",
      "--disable-sync",
      "--no-first-run",
    ],
  });
  return { browser, [Symbol.asyncDispose]: () => browser.close() };
}
