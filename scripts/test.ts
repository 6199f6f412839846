import { ensureBaseImage } from "./lib/base-image.ts";
import { ensureBrowser } from "./lib/browser.ts";
import {
  dashboardTypes,
  docs,
  format,
  lint,
  runChecks,
  suite,
  types,
  viewers,
  type Check,
} from "./lib/checks.ts";
import { ensureDashboard } from "./lib/dashboard.ts";
import { ensureEngine } from "./lib/engine.ts";
import { flavors, usualRunImages } from "./lib/images-file.ts";
import { ensureImages } from "./lib/images.ts";
import { main } from "./lib/main.ts";
import { ensureProxies } from "./lib/proxies.ts";

/** The engine, both cave images and the usual ones for runs, made where they are missing. */
const images: Check = {
  name: "engine and images",
  verify: async (setup) => {
    const engine = await ensureEngine(setup);
    Object.assign(process.env, engine.env); // so that the tests find the same one
    const base = await ensureBaseImage(setup, engine);
    await ensureImages(setup, engine, base, [...usualRunImages, ...flavors]);
    return { passed: 1, failed: 0 };
  },
};

const browser: Check = {
  name: "browser",
  verify: async (setup) => {
    process.env["GHOST_CHROMIUM"] = await ensureBrowser(setup);
    return { passed: 1, failed: 0 };
  },
};

const proxies: Check = {
  name: "reverse proxies",
  verify: async (setup) => {
    await ensureProxies(setup);
    return { passed: 1, failed: 0 };
  },
};

/** The dashboard's files, which the journeys in the browser need. */
const dashboard: Check = {
  name: "dashboard",
  verify: async (setup) => {
    await ensureDashboard(setup);
    return { passed: 1, failed: 0 };
  },
};

// What needs nothing comes first, side by side, because much of it uses one core only. The last line is the sum.
await main(
  async (setup) => {
    const { failed } = await runChecks(setup, [
      [
        [format, lint, ...types, ...docs],
        [dashboard, dashboardTypes, viewers, suite("unit")],
      ],
      [[images, proxies, suite("engine"), browser, suite("e2e")]],
    ]);
    return failed === 0 ? 0 : 1;
  },
  { yes: process.argv.includes("--yes") || process.env["CI"] !== undefined },
);
