import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { docker, startTestCave, type TestCave } from "./testing/test-cave.ts";

const image = "ghost/cave:full";

// `npm test` runs this file after it has built the image.
describe("the full image", () => {
  let cave: TestCave;
  beforeAll(async () => {
    cave = await startTestCave(image);
  });
  afterAll(async () => {
    await cave[Symbol.asyncDispose]();
  });

  /** Starts a server in the background, and waits until the probe succeeds. */
  async function served(server: string, probe: string): Promise<string> {
    await cave.sh(`setsid bash -c '${server}' > /tmp/served.log 2>&1 &`);
    return vi.waitFor(
      async () => {
        const { code, output } = await cave.sh(probe);
        expect(code, output).toBe(0);
        return output;
      },
      { timeout: 30_000, interval: 200 },
    );
  }

  it("stays within its budget", async () => {
    const { Size: size } = await docker.getImage(image).inspect();
    expect(size).toBeLessThan(3.2e9);
  });

  it("says what it is in labels", async () => {
    const { Config: config } = await docker.getImage(image).inspect();
    expect(config.Labels).toMatchObject({
      "ghost.daemon": "2",
      "ghost.flavor": "full",
      "ghost.browser": "true",
    });
  });

  it("runs nothing but the daemon until it is used", async () => {
    const { output } = await cave.sh("ps -eo args= | grep -v -e bash -e 'ps -e' -e grep");
    expect(output.split("\n")).toEqual([
      expect.stringContaining("tini"),
      expect.stringContaining("caved.mjs"),
    ]);
  });

  it.each([
    [
      "Go",
      "cd $(mktemp -d) && echo 'package main; func main() { println(42) }' > m.go && go run m.go",
      /^42$/,
    ],
    [
      "Java",
      "cd $(mktemp -d) && echo 'class M { public static void main(String[] a) { System.out.println(42); } }' > M.java && javac M.java && java M",
      /^42$/,
    ],
    [
      "C",
      "cd $(mktemp -d) && echo 'int puts(const char *); int main() { puts(\"42\"); }' > m.c && gcc m.c && ./a.out",
      /^42$/,
    ],
    [
      "C++",
      "cd $(mktemp -d) && printf '#include <iostream>\\nint main() { std::cout << 42; }' > m.cc && g++ m.cc && ./a.out",
      /^42$/,
    ],
    ["R", "Rscript -e 'cat(6 * 7)'", /^42$/],
    ["tsc", "tsc --version", /^Version /],
    ["tsx", "tsx -e 'enum A { answer = 42 } console.log(A.answer)'", /^42$/],
    ["numpy and pandas", "python3 -c 'import pandas; print(pandas.Series([40, 2]).sum())'", /^42$/],
    [
      "matplotlib",
      "cd $(mktemp -d) && MPLBACKEND=agg python3 -c 'import matplotlib.pyplot as p; p.plot([1, 2]); p.savefig(\"a.png\")' && file a.png",
      /PNG image/,
    ],
    ["kernels", "jupyter kernelspec list 2>/dev/null || ls /usr/share/jupyter/kernels", /ir[^]*python3/],
    ["pandoc", "echo '# hi' | pandoc -t html", /<h1 id="hi">/],
    ["poppler", "pdftotext -v", /pdftotext version/],
    ["fonts", "fc-list | grep -c -e DejaVu -e Liberation -e Emoji", /^[1-9]/],
  ])("has %s", async (_name, script, expected) => {
    const { code, output } = await cave.sh(script);
    expect(output).toMatch(expected);
    expect(code).toBe(0);
  });

  it("runs Python in a kernel", async () => {
    const script = [
      "from jupyter_client.manager import start_new_kernel",
      "manager, client = start_new_kernel(kernel_name='python3')",
      "client.execute_interactive('print(6 * 7)')",
      "manager.shutdown_kernel(now=True)",
    ].join("\n");
    expect((await cave.sh(`python3 - <<'END'\n${script}\nEND`)).output).toContain("42");
  });

  it("runs Chromium without a display", async () => {
    const { output } = await cave.sh(
      "chromium --headless --dump-dom 'data:text/html,<b>shown</b>' 2>/dev/null",
    );
    expect(output).toContain("<b>shown</b>");
  });

  it("lets playwright drive Chromium, whose pages live in namespaces of their own", async () => {
    const script = `
      import { chromium } from "/opt/ghost/node_modules/playwright-core/index.mjs";
      import { readdirSync, readFileSync } from "node:fs";
      const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", chromiumSandbox: true });
      const page = await browser.newPage();
      await page.setContent("<h1>driven</h1>");
      const isPage = (pid) => readFileSync("/proc/" + pid + "/cmdline", "utf8").includes("--type=renderer");
      const pids = readdirSync("/proc").filter((name) => Number(name) > 0 && isPage(name));
      const nested = pids.map((pid) => /NSpid:\\t\\d+\\t\\d+/.test(readFileSync("/proc/" + pid + "/status", "utf8")));
      console.log(await page.textContent("h1"), (await page.screenshot()).length > 1000, nested.length > 0 && nested.every(Boolean));
      await browser.close();`;
    expect((await cave.sh(`cat > /tmp/p.mjs <<'END'\n${script}\nEND\nnode /tmp/p.mjs`)).output).toBe(
      "driven true true",
    );
  });

  it("shows a desktop with a window manager and a browser", async () => {
    const xvnc =
      "Xvnc :1 -SecurityTypes None -rfbport -1 -rfbunixpath /tmp/vnc.sock -rfbunixmode 0600 -nolisten tcp";
    expect(await served(xvnc, "socat -u UNIX-CONNECT:/tmp/vnc.sock,readbytes=12 - 2>/dev/null")).toMatch(
      /^RFB 003/,
    );
    await served("DISPLAY=:1 openbox", "DISPLAY=:1 wmctrl -m");
    expect(await served("DISPLAY=:1 chromium about:blank", "DISPLAY=:1 wmctrl -l | grep Chromium")).toContain(
      "Chromium",
    );
  });

  it("serves VS Code with our settings", async () => {
    const server =
      "GHOST_PORT_URL_TEMPLATE='https://{port}--cave-x.apps.example:8443' " +
      "code-server --auth none --socket /tmp/code.sock --disable-proxy --disable-telemetry --disable-update-check --disable-workspace-trust";
    expect(await served(server, "curl -sf --unix-socket /tmp/code.sock http://localhost/healthz")).toContain(
      "status",
    );
    const page = await cave.sh("curl -sf --unix-socket /tmp/code.sock 'http://localhost/?folder=/workspace'");
    expect(page.output).toContain("vscode-workbench");
    expect(page.output).toContain("https://*.apps.example:8443");
    expect(
      (await cave.sh("jq -r '.\"telemetry.telemetryLevel\"' ~/.local/share/code-server/User/settings.json"))
        .output,
    ).toBe("off");
  });

  it("serves JupyterLab, which fetches nothing from elsewhere and offers to build nothing", async () => {
    const server =
      "jupyter-lab --ServerApp.sock=/tmp/jupyter.sock --ServerApp.allow_remote_access=True --IdentityProvider.token=secret --no-browser";
    const ask = (path: string) =>
      `curl -sf --unix-socket /tmp/jupyter.sock -H 'Authorization: token secret' http://localhost${path}`;
    await served(server, ask("/api"));
    const page = (await cave.sh(ask("/lab"))).output;
    const config = /<script id="jupyter-config-data"[^>]*>(.*?)<\/script>/.exec(page)?.[1] ?? "{}";
    expect(JSON.parse(config)).toMatchObject({
      buildAvailable: false,
      buildCheck: false,
      extensionManager: { can_install: false },
      news: { disabled: true },
      terminalsAvailable: true,
    });
    const script = /src="(\/static\/lab\/main[^"]+)"/.exec(page)?.[1] ?? "";
    expect(Number((await cave.sh(`${ask(script)} | wc -c`)).output)).toBeGreaterThan(10_000);
    expect(
      (await cave.sh(`${ask("/lab/api/settings/@jupyterlab/notebook-extension:tracker")} | jq -r .id`))
        .output,
    ).toBe("@jupyterlab/notebook-extension:tracker");
    expect((await cave.sh(`${ask("/api/kernelspecs")} | jq -c '.kernelspecs | keys'`)).output).toBe(
      '["ir","python3"]',
    );
    expect((await cave.sh("cat /tmp/served.log")).output).not.toMatch(/Traceback|yarn|error/i);
  });
});
