import type { Page, Request } from "playwright-core";
import { launchBrowser } from "./browser.ts";
import { type GatewayProcess, startGateway } from "./gateway-process.ts";
import type { CreateCaveInput } from "#contract/cave.ts";
import type { NamedSurface } from "#contract/surfaces.ts";

/** A gateway, a cave from the full image and a browser. */
export interface Lab extends AsyncDisposable {
  readonly ghost: GatewayProcess;
  readonly cave: string;
  readonly page: Page;
  /** Hosts outside the cave and the gateway that a page has asked for something, over the network. */
  readonly strangers: ReadonlySet<string>;
  /** Has the browser go to a surface, as somebody who asked for its address. */
  go(surface: NamedSurface | number, path?: string): Promise<void>;
  /** What a command in the cave says; it must succeed. */
  sh(command: string, timeoutMs?: number): Promise<string>;
  put(path: string, content: string): Promise<void>;
}

export async function openLab(
  body: Partial<CreateCaveInput> = {},
  settings: Record<string, string> = {},
): Promise<Lab> {
  await using stack = new AsyncDisposableStack();
  const ghost = stack.use(await startGateway(settings));
  const { client } = ghost;
  const { browser } = stack.use(await launchBrowser());
  const { id: cave } = await client.caves.create({ body: { image: "ghost/cave:full", ...body } });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: "dark" });
  const strangers = new Set<string>();
  const note = (request: Request) => {
    const { hostname, protocol } = new URL(request.url());
    if (protocol.startsWith("http") && !hostname.endsWith("localhost")) strangers.add(hostname);
  };
  page.on("requestfailed", note);
  page.on("response", (response) => {
    if (!response.fromServiceWorker()) note(response.request());
  });
  const owned = stack.move();
  return {
    ...{ ghost, cave, page, strangers },
    async go(surface, path) {
      const named = typeof surface === "number" ? { port: surface } : surface;
      const { url } = await client.surfaces.open({
        params: { cave },
        body: { surface: named, ...(path !== undefined && { path }) },
      });
      await page.goto(url);
    },
    async sh(command, timeoutMs = 60_000) {
      const ran = await client.exec.run({ params: { cave }, body: { command, timeoutMs } });
      if (ran.exitCode !== 0)
        throw new Error(`${command}: exit ${String(ran.exitCode)}\n${ran.stdout}${ran.stderr}`);
      return ran.stdout;
    },
    async put(path, content) {
      await client.files.write({ params: { cave }, query: { path, mkdirs: true }, body: content });
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
