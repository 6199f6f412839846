import { setTimeout as pause } from "node:timers/promises";
import type { CDPSession, Page, WebSocket } from "playwright-core";
import { launchBrowser } from "../../tests/support/browser.ts";
import { setup } from "../../tests/support/dashboard-files.ts";
import { type GatewayProcess, startGateway } from "../../tests/support/gateway-process.ts";
import { type Case, figure } from "../harness.ts";

const MB = 2 ** 20;
const name = "bench";
const slow = { timeout: 120_000 };
const everyMs = 10_000;
const minutes = Number(process.env["GHOST_BENCH_WORKBENCH_MINUTES"] ?? 3);

/** A cave's page as somebody leaves it open all day: what its heap does, and how many sockets it holds. */
export const workbench: Case = {
  name: "workbench",
  async run(report) {
    await setup();
    await using ghost = await startGateway();
    await using launched = await launchBrowser();
    await ghost.client.caves.create({ body: { name, image: "ghost/cave:full" } });
    const context = await launched.browser.newContext({ viewport: { width: 1920, height: 1080 } });
    const page = await context.newPage();
    const sockets = followSockets(page);
    await open(page, ghost);
    const session = await context.newCDPSession(page);
    // What is compiled and cached in the first minute is no leak.
    await pause(30_000);

    const heaps: { at: number; bytes: number }[] = [];
    const end = performance.now() + minutes * 60_000;
    for (;;) {
      heaps.push({ at: performance.now() / 60_000, bytes: await heapAfterGc(session) });
      if (performance.now() >= end) break;
      await pause(Math.min(everyMs, end - performance.now()));
    }
    const [first, last] = [heaps[0]?.bytes ?? 0, heaps.at(-1)?.bytes ?? 0];
    const what = "workbench: 4 terminals, VS Code, desktop, preview";
    report(figure(`${what}: heap after GC at the start`, [first / MB], { unit: "MB" }));
    report(figure(`  after ${minutes} min`, [last / MB], { unit: "MB" }));
    const { slope, error } = slopeOf(heaps);
    report(
      figure("  slope", [slope / 1024], {
        ...{ unit: "KB/min", goal: "≤ 100 KB/min", met: (slope - 2 * error) / 1024 <= 100 },
        note: `standard error ${(error / 1024).toFixed(0)}; GHOST_BENCH_WORKBENCH_MINUTES=30 tells more`,
      }),
    );
    for (const [surface, count] of sockets.open()) {
      // VS Code itself has one for its files and settings and one for its extensions.
      const most = surface === "VS Code" ? 2 : 1;
      report(figure(`  sockets of ${surface}`, [count], { unit: "", goal: `≤ ${most}`, met: count <= most }));
    }
  },
};

/** Everything that is open at once, and working. */
async function open(page: Page, ghost: GatewayProcess): Promise<void> {
  await ghost.client.files.write({
    params: { cave: name },
    query: { path: "app/index.html", mkdirs: true },
    body: "<h1>app</h1>",
  });
  await ghost.client.processes.start({
    params: { cave: name },
    body: { command: "python3 -m http.server -d /workspace/app 3000" },
  });
  await page.goto(await ghost.signInUrl());
  await page.getByRole("navigation", { name: "Pages" }).waitFor();
  await page.goto(`${ghost.url}/caves/${name}`);
  const choose = async (menu: string, item: string | RegExp) => {
    await page.getByRole("button", { name: menu, exact: true }).click();
    await page.getByRole("menuitem", { name: item }).first().click();
  };
  await page.getByText("Connected", { exact: true }).first().waitFor(slow);
  await choose("Layout", /^Code/);
  await page.frameLocator(`iframe[title="VS Code of ${name}"]`).locator(".monaco-workbench").waitFor(slow);
  await page
    .frameLocator(`iframe[title="Preview of port 3000 of ${name}"]`)
    .getByRole("heading", { name: "app" })
    .waitFor(slow);
  await choose("Panel", "Desktop");
  await page.getByText("You are watching").waitFor(slow);
  // One came with the layout.
  for (let terminal = 0; terminal < 4; terminal++) {
    if (terminal > 0) await choose("Panel", "Terminal");
    else await page.getByRole("tab", { name: /workspace/ }).click();
    const own = page.getByRole("textbox", { name: /leaves the terminal/ }).last();
    await own.focus();
    // As much as is kept of it, so that what grows from then on grows for another reason.
    await page.keyboard.type("seq 12000; while sleep 0.2; do date; done\n");
  }
}

/** Which WebSockets of the page and its frames are open, by what they are for. */
function followSockets(page: Page): { open: () => Map<string, number> } {
  const sockets = new Set<WebSocket>();
  page.on("websocket", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  return {
    open() {
      const counts = new Map<string, number>();
      for (const socket of sockets) {
        const surface = surfaceOf(new URL(socket.url()));
        counts.set(surface, (counts.get(surface) ?? 0) + 1);
      }
      return counts;
    },
  };
}

function surfaceOf({ hostname, pathname }: URL): string {
  const terminal = /\/terminals\/([^/]+)/.exec(pathname)?.[1];
  if (terminal !== undefined) return `terminal ${terminal}`;
  if (pathname.endsWith("/desktop")) return "desktop";
  return hostname.startsWith("code") ? "VS Code" : hostname;
}

async function heapAfterGc(session: CDPSession): Promise<number> {
  await session.send("HeapProfiler.collectGarbage");
  await session.send("HeapProfiler.collectGarbage");
  return (await session.send("Runtime.getHeapUsage")).usedSize;
}

/** Bytes per minute of the line that lies nearest, and its standard error: in a few minutes garbage that comes and goes looks like growth. */
function slopeOf(heaps: readonly { at: number; bytes: number }[]): { slope: number; error: number } {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const at = mean(heaps.map((one) => one.at));
  const bytes = mean(heaps.map((one) => one.bytes));
  const along = heaps.reduce((sum, one) => sum + (one.at - at) ** 2, 0);
  if (along === 0 || heaps.length < 3) return { slope: 0, error: Infinity };
  const slope = heaps.reduce((sum, one) => sum + (one.at - at) * (one.bytes - bytes), 0) / along;
  const beside = heaps.reduce((sum, one) => sum + (one.bytes - bytes - slope * (one.at - at)) ** 2, 0);
  return { slope, error: Math.sqrt(beside / (heaps.length - 2) / along) };
}
