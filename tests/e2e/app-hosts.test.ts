import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import { askedOf, startEchoApp } from "../support/echo-app.ts";
import { startGateway, type GatewayProcess } from "../support/gateway-process.ts";
import type { OpenSurface } from "#contract/surfaces.ts";

let ghost: GatewayProcess;
let chromium: Awaited<ReturnType<typeof launchBrowser>>;
let browser: Browser;
const ids: Record<string, string> = {};
beforeAll(async () => {
  ghost = await startGateway();
  chromium = await launchBrowser();
  browser = chromium.browser;
  for (const name of ["good", "evil"]) {
    const body = { name, image: "ghost/cave:base", limits: { memoryMb: 512 } };
    ids[name] = (await ghost.client.caves.create({ body })).id;
    await startEchoApp(ghost.client, name, [3000, 8000]);
  }
});
afterAll(async () => {
  await chromium[Symbol.asyncDispose]();
  await ghost[Symbol.asyncDispose]();
});

const originOf = (surface: string | number, cave: string) =>
  `http://${surface}--${ids[cave] ?? ""}.localhost:${new URL(ghost.url).port}`;
const open = async (cave: string, surface: OpenSurface["surface"]) =>
  (await ghost.client.surfaces.open({ params: { cave }, body: { surface } })).url;

/** Somebody who is signed in to the dashboard. */
async function person(): Promise<{ context: BrowserContext; dashboard: Page }> {
  const context = await browser.newContext();
  const dashboard = await context.newPage();
  await dashboard.goto(await ghost.signInUrl());
  await dashboard.waitForURL((url) => url.pathname === "/" && url.hash === "");
  return { context, dashboard };
}

const signedIn = (dashboard: Page) => dashboard.evaluate(async () => (await fetch("/v1/me")).status);

describe("an app", () => {
  it("opens in a tab of its own, without an account there", async () => {
    const page = await browser.newPage();
    await page.goto(await open("good", { port: 3000 }));
    expect(page.url()).toBe(`${originOf(3000, "good")}/`);
    await page.getByRole("heading", { name: "App on 3000" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "App on 3000" }).waitFor();
    expect(await page.evaluate(() => document.cookie)).toBe("");
    await page.close();
  });

  it("opens in a frame of the dashboard, by the session of whoever is signed in", async () => {
    const { context, dashboard } = await person();
    await dashboard.evaluate(async (cave) => {
      const answer = await fetch(`/v1/caves/${cave}/open`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ surface: { port: 3000 } }),
      });
      const frame = document.createElement("iframe");
      frame.name = "app";
      frame.src = ((await answer.json()) as { url: string }).url;
      document.body.append(frame);
    }, "good");
    const frame = dashboard.frameLocator('iframe[name="app"]');
    await frame.getByRole("heading", { name: "App on 3000" }).waitFor();
    // It signs in by fetch, as a single-page app does, and is signed in there and nowhere else.
    const asked = await dashboard
      .frames()
      .find((one) => one.url().includes("3000--"))
      ?.evaluate(async () => {
        await fetch("/cookie", { method: "POST" });
        return (await fetch("/in-frame")).status;
      });
    expect(asked).toBe(200);
    const tab = await context.newPage();
    await tab.goto(`${ghost.url}/open/3000/good`);
    await tab.evaluate(() => fetch("/in-tab-before"));
    await tab.evaluate(() => fetch("/cookie", { method: "POST" }));
    await tab.evaluate(() => fetch("/in-tab"));
    const cookies = (await askedOf(ghost.client, "good")).map(({ url, headers }) => [url, headers["cookie"]]);
    expect(Object.fromEntries(cookies)).toMatchObject({
      "/in-frame": "of3000=1",
      "/in-tab-before": undefined,
      "/in-tab": "of3000=1",
    });
    const kept = (await context.cookies()).filter(({ name }) => name === "of3000");
    expect(kept.map(({ sameSite, partitionKey }) => [sameSite, partitionKey !== undefined]).sort()).toEqual([
      ["Lax", false],
      ["None", true],
    ]);
    await context.close();
  });

  it("that answers before a large upload has ended is heard, as is the API", async () => {
    const { context, dashboard } = await person();
    const app = await context.newPage();
    await app.goto(`${ghost.url}/open/3000/good`);
    const upload = (page: Page, method: string, path: string) =>
      page.evaluate(
        async ([method, path]) => {
          const body = new Blob(Array.from({ length: 100 }, () => new Uint8Array(2 ** 20)));
          const answer = await fetch(path, { method, body, headers: { "if-none-match": "*" } });
          return [answer.status, await answer.text()];
        },
        [method, path] as const,
      );
    expect(await upload(dashboard, "PUT", "/v1/caves/good/files?path=/workspace/echo.cjs")).toEqual([
      412,
      expect.stringContaining("file_changed"),
    ]);
    expect(await upload(app, "POST", "/upload")).toEqual([200, expect.stringContaining("App on 3000")]);
    await context.close();
  });

  it("is found by its cave's name, by way of the session", async () => {
    const { context, dashboard } = await person();
    await dashboard.goto(`http://8000--good.localhost:${new URL(ghost.url).port}/deep?x=1`);
    expect(dashboard.url()).toBe(`${originOf(8000, "good")}/deep?x=1`);
    await dashboard.getByRole("heading", { name: "App on 8000" }).waitFor();
    await context.close();
  });

  it("asks who is not signed in to sign in, and goes on from there", async () => {
    const page = await browser.newPage();
    await page.goto(`${originOf(8000, "good")}/deep?x=1`);
    await page.getByRole("heading", { name: "Sign in to Ghost" }).waitFor();
    await page.getByLabel("Sign-in link").fill(await ghost.signInUrl());
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "App on 8000" }).waitFor();
    expect(page.url()).toBe(`${originOf(8000, "good")}/deep?x=1`);
    await page.close();
  });

  it("that does not listen yet is waited for, and loads by itself", async () => {
    const page = await browser.newPage();
    await page.goto(await open("good", { port: 9000 }));
    await page.getByRole("heading", { name: "Waiting for port 9000" }).waitFor();
    const argv = ["python3", "-m", "http.server", "9000"];
    await ghost.client.processes.start({ params: { cave: "good" }, body: { argv } });
    await page.getByRole("heading", { name: "Directory listing" }).waitFor();
    await page.close();
  });

  it("of a cave that was stopped can be started where it is, and loads by itself", async () => {
    const page = await browser.newPage();
    await page.goto(await open("good", { port: 3000 }));
    await page.getByRole("heading", { name: "App on 3000" }).waitFor();
    await ghost.client.caves.stop({ params: { cave: "good" } });
    await expect
      .poll(async () => {
        await page.reload();
        return page.getByRole("button", { name: "Start good" }).isVisible();
      })
      .toBe(true);
    await page.getByRole("button", { name: "Start good" }).click();
    await page.getByRole("heading", { name: "Waiting for port 3000" }).waitFor();
    await startEchoApp(ghost.client, "good", [3000, 8000]);
    await page.getByRole("heading", { name: "App on 3000" }).waitFor();
    await page.close();
  });

  it("ends with the session, also what it has open", async () => {
    const { context, dashboard } = await person();
    const app = await context.newPage();
    await app.goto(`${ghost.url}/open/3000/good`);
    await app.getByRole("heading", { name: "App on 3000" }).waitFor();
    const closed = app.evaluate(
      () =>
        new Promise((resolve) => {
          const socket = new WebSocket(location.origin.replace("http", "ws"));
          socket.onopen = () => document.body.append("open");
          socket.onclose = resolve;
        }),
    );
    await app.getByText("open").waitFor();
    await dashboard.evaluate(() => fetch("/v1/session", { method: "DELETE" }));
    await closed;
    await expect
      .poll(async () => {
        await app.reload();
        return app.url();
      })
      .toContain("/sign-in");
    await context.close();
  });
});

describe("a hostile page in a cave", () => {
  let victim: BrowserContext;
  let dashboard: Page;
  let page: Page;
  let other: Page;
  beforeAll(async () => {
    ({ context: victim, dashboard } = await person());
    other = await victim.newPage();
    await other.goto(`${ghost.url}/open/3000/good`);
    await other.goto(`${ghost.url}/open/8000/evil`);
    await other.goto(`${originOf(8000, "evil")}/cookie`);
    page = await victim.newPage();
    await page.goto(`${ghost.url}/open/3000/evil`);
    await page.getByRole("heading", { name: "App on 3000" }).waitFor();
  });
  afterAll(() => victim.close());

  it("cannot read or change anything by the API", async () => {
    const before = (await ghost.client.accounts.listTokens()).tokens.length;
    const tries = await page.evaluate(async (url) => {
      const body = JSON.stringify({ name: "stolen", scopes: ["admin"] });
      const json = { "content-type": "application/json" };
      const attempts: [string, RequestInit][] = [
        ["/v1/me", { credentials: "include" }],
        ["/v1/tokens", { method: "POST", credentials: "include", headers: json, body }],
        ["/v1/tokens", { method: "POST", credentials: "include", mode: "no-cors", body }],
        ["/", { credentials: "include" }],
      ];
      return Promise.all(
        attempts.map(async ([path, init]) =>
          fetch(url + path, init).then(
            ({ type }) => type,
            () => "refused",
          ),
        ),
      );
    }, ghost.url);
    expect(tries).toEqual(["refused", "refused", "refused", "refused"]);
    expect((await ghost.client.accounts.listTokens()).tokens).toHaveLength(before);
  });

  it("cannot open the API's sockets, or another cave's", async () => {
    const { id } = await ghost.client.terminals.open({ params: { cave: "good" }, body: {} });
    const before = (await askedOf(ghost.client, "good")).length;
    const addresses = [
      `${ghost.url}/v1/caves/good/terminals/${id}/ws`,
      `${originOf("terminal", "good")}/v1/caves/${ids["good"] ?? ""}/terminals/${id}/ws`,
      `${originOf(3000, "good")}/`,
      `${originOf("code", "good")}/`,
    ];
    const opened = await page.evaluate(
      (urls) =>
        Promise.all(
          urls.map(
            (url) =>
              new Promise((resolve) => {
                const socket = new WebSocket(url.replace("http", "ws"));
                socket.onopen = () => resolve("open");
                socket.onerror = () => resolve("refused");
              }),
          ),
        ),
      addresses,
    );
    expect(opened).toEqual(addresses.map(() => "refused"));
    expect(await askedOf(ghost.client, "good")).toHaveLength(before);
  });

  it("cannot use another cave's app in the visitor's name", async () => {
    const before = (await askedOf(ghost.client, "good")).length;
    const tries = await page.evaluate(
      async (url) => {
        const asked = [
          fetch(`${url}/steal`, { credentials: "include" }),
          fetch(`${url}/steal`, { credentials: "include", mode: "no-cors" }),
          fetch(`${url}/steal`, { method: "POST", credentials: "include", mode: "no-cors", body: "x" }),
        ].map((one) =>
          one.then(
            ({ type }) => type,
            () => "refused",
          ),
        );
        const loads = (["script", "img"] as const).map(
          (tag) =>
            new Promise((resolve) => {
              const element = document.createElement(tag);
              element.onload = () => resolve("loaded");
              element.onerror = () => resolve("refused");
              element.src = `${url}/steal.js`;
              document.body.append(element);
            }),
        );
        return Promise.all([...asked, ...loads]);
      },
      originOf(3000, "good"),
    );
    expect(tries).not.toContain("loaded");
    expect(
      (await askedOf(ghost.client, "good")).slice(before).filter(({ url }) => url.includes("steal")),
    ).toEqual([]);
  });

  it("cannot frame the dashboard, reach it as a window, or lead a form to it", async () => {
    const seen = await page.evaluate(async (url) => {
      const frame = document.createElement("iframe");
      const loaded = new Promise((resolve) => (frame.onload = resolve));
      frame.src = url;
      document.body.append(frame);
      await loaded;
      const inside = (() => {
        try {
          return frame.contentWindow?.document.title ?? "nothing";
        } catch {
          return "another origin's";
        }
      })();
      const popup = window.open(url);
      const cut = await new Promise((resolve) => {
        const look = setInterval(() => {
          if (popup?.closed !== false) {
            clearInterval(look);
            resolve("cut off");
          }
        }, 20);
      });
      return [inside, cut];
    }, ghost.url);
    // An error page of the browser's own is another origin's too: the dashboard says that it may not be framed.
    expect(seen).toEqual(["another origin's", "cut off"]);
    const refused = page.frames().find((frame) => frame.parentFrame() !== null);
    expect(refused?.url()).toMatch(/^chrome-error:/);
  });

  it("cannot see another port's cookies, or sign anybody out with its own", async () => {
    const cookies = await page.evaluate(() => {
      for (let i = 0; i < 300; i++) {
        document.cookie = `bomb${i}=${"x".repeat(3000)}; Path=/; Domain=localhost`;
        document.cookie = `toss${i}=${"x".repeat(3000)}; Path=/; Domain=.localhost`;
      }
      for (const name of ["__Host-ghost_session", "__Host-ghost_app", "ghost_session"]) {
        document.cookie = `${name}=evil; Path=/; Secure; Domain=localhost`;
        document.cookie = `${name}=evil; Path=/; Secure`;
      }
      return document.cookie;
    });
    expect(cookies).not.toContain("of8000");
    expect(cookies).not.toContain("bomb");
    expect(await signedIn(dashboard)).toBe(200);
    await other.goto(`${originOf(3000, "good")}/`);
    await other.getByRole("heading", { name: "App on 3000" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "App on 3000" }).waitFor();
  });

  it("never gets a cookie, ticket or token of Ghost's, by HTTP or WebSocket", async () => {
    await page.evaluate(
      () =>
        new Promise((resolve) => {
          const socket = new WebSocket(location.origin.replace("http", "ws"));
          socket.onopen = resolve;
        }),
    );
    const asked = await askedOf(ghost.client, "evil");
    expect(asked.some(({ upgrade }) => upgrade)).toBe(true);
    const [first] = asked;
    expect(first?.headers["host"]).toMatch(/^localhost:/);
    const told = JSON.stringify(asked.map(({ url, headers }) => ({ url, headers })));
    expect(told).not.toMatch(/ticket=|key=|\bghost_[A-Za-z0-9]{10}/);
    expect(told).not.toMatch(/__Host-ghost_(session|app)=cave-/);
  });
});
