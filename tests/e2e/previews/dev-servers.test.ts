import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Lab, openLab } from "../../support/lab.ts";

const fixtures = fileURLToPath(new URL("fixtures/", import.meta.url));

/** Development servers as they come, seen through a preview by a real browser. */
describe("through a preview", () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await openLab({ limits: { memoryMb: 4096 } });
    for (const name of await readdir(fixtures, { recursive: true, withFileTypes: true })) {
      if (!name.isFile()) continue;
      const file = join(name.parentPath, name.name);
      await lab.put(file.slice(fixtures.length), await readFile(file, "utf8"));
    }
  });
  afterAll(async () => lab[Symbol.asyncDispose]());

  /** Installs from the registry that this machine uses. */
  async function install(folder: string): Promise<void> {
    const { stdout: registry } = await promisify(execFile)("npm", ["config", "get", "registry"]);
    await lab.sh(
      `cd ${folder} && npm_config_registry=${registry.trim()} npm install --no-audit --no-fund --ignore-scripts`,
      120_000,
    );
  }

  const start = (command: string) => lab.sh(`setsid sh -c '${command}' > server.log 2>&1 < /dev/null & true`);

  /** A page that is loaded anew has no marks. */
  const mark = () => lab.page.evaluate("window.marked = true");
  const marked = () => lab.page.evaluate("window.marked === true");

  it("Vite shows an edit without loading the page anew", async () => {
    const { page } = lab;
    await install("vite");
    await start("cd vite && exec npx vite --port 5173");
    await lab.go(5173);
    await page.getByText("as it was").waitFor({ timeout: 30_000 });
    await mark();
    await lab.put("vite/message.js", 'export const message = "as it is now";\n');
    await page.getByText("as it is now").waitFor();
    expect(await marked()).toBe(true);
  });

  it("Next shows an edit without loading the page anew, and runs server actions", async () => {
    const { page } = lab;
    await install("next");
    await start("cd next && NEXT_TELEMETRY_DISABLED=1 exec npx next dev --port 3100");
    await lab.go(3100);
    await page.getByText("as it was, 0 clicks").waitFor({ timeout: 60_000 });
    // A click that comes before the page is alive is lost.
    await expect
      .poll(
        async () => {
          await page.getByRole("button", { name: "as it was" }).click();
          return page.getByRole("button", { name: "as it was" }).textContent();
        },
        { timeout: 60_000, interval: 500 },
      )
      .toMatch(/ [1-9]\d* clicks/);
    await mark();
    const source = await lab.sh("cat next/app/message.jsx");
    await lab.put("next/app/message.jsx", source.replace("as it was", "as it is now"));
    await page.getByText(/as it is now, [1-9]\d* clicks/).waitFor({ timeout: 30_000 });
    await page.locator("input[name=guest]").fill("Ann");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.locator("output", { hasText: "Ann" }).waitFor({ timeout: 30_000 });
    expect(await marked()).toBe(true);
  });

  it("Django signs in by its form and its cookie", async () => {
    const { page } = lab;
    // Not as root, so into folders of one's own.
    const apt =
      "apt-get -o Dir::State=/tmp/apt -o Dir::State::status=/var/lib/dpkg/status -o Dir::Cache=/tmp/apt -o Debug::NoLocking=1";
    await lab.sh(
      `mkdir -p /tmp/apt/lists/partial /tmp/apt/archives/partial && cd /tmp/apt && ${apt} update && ${apt} download python3-django python3-asgiref python3-sqlparse && for deb in *.deb; do dpkg-deb -x $deb /tmp/django; done`,
      120_000,
    );
    await lab.sh(
      [
        "export PYTHONPATH=/tmp/django/usr/lib/python3/dist-packages DJANGO_SUPERUSER_PASSWORD=painting",
        "cd django && python3 app.py migrate && python3 app.py createsuperuser --noinput --username ann --email ann@example.com",
      ].join("; "),
    );
    await start(
      "cd django && PYTHONPATH=/tmp/django/usr/lib/python3/dist-packages exec python3 app.py runserver 8000",
    );
    await lab.go(8000);
    await page.locator("input[name=username]").fill("ann");
    await page.locator("input[name=password]").fill("painting");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "Hello ann" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "Hello ann" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/");
  });

  it("a Tornado app talks over its WebSocket", async () => {
    await start("exec python3 streams/app.py");
    await lab.go(8501);
    await lab.page.getByText("1048576 from http://localhost:8501").waitFor({ timeout: 30_000 });
  });

  it("events come one by one, and a large upload arrives whole", async () => {
    const { page } = lab;
    await start("exec node streams/server.mjs");
    await lab.go(8700);
    await page.getByText("streams").waitFor({ timeout: 30_000 });
    const events = await page.evaluate(`new Promise((resolve) => {
      const seen = [];
      const source = new EventSource("/events");
      source.onmessage = ({ data }) => {
        if (seen.push(data) < 5) return fetch("/next", { method: "POST" });
        source.close();
        resolve(seen);
      };
    })`);
    expect(events).toEqual(["1", "2", "3", "4", "5"]);

    const part = Buffer.alloc(2 ** 20, "ghost");
    const wanted = createHash("sha256");
    for (let i = 0; i < 200; i++) wanted.update(part);
    const got = await page.evaluate(
      `fetch("/upload", { method: "POST", body: new Blob(Array(200).fill(${JSON.stringify(part.toString())})) })
        .then((response) => response.text())`,
    );
    expect(got).toBe(wanted.digest("hex"));
  });
});
