import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type GatewayProcess, startGateway } from "../support/gateway-process.ts";
import { daemonRss, HeadlessViewer, rssOf } from "../support/headless-viewer.ts";

const slow = { timeout: 30_000, interval: 20 };
const MB = 2 ** 20;

/** The session that browsers have, to a real cave through a real gateway. */
describe("a terminal", () => {
  let ghost: GatewayProcess;
  let cave: string;

  beforeAll(async () => {
    ghost = await startGateway();
    ({ id: cave } = await ghost.client.caves.create({ body: { name: "lab", image: "ghost/cave:base" } }));
  });
  afterAll(async () => ghost[Symbol.asyncDispose]());

  async function open(command?: string): Promise<HeadlessViewer> {
    const body = { cols: 100, rows: 30, ...(command !== undefined && { command }) };
    const { id } = await ghost.client.terminals.open({ params: { cave }, body });
    const viewer = new HeadlessViewer(ghost, cave, id);
    await expect.poll(() => viewer.attached, slow).toBe(true);
    return viewer;
  }

  it("loses and doubles no byte of a counter while the gateway is killed again and again", async () => {
    const count = 2500;
    using viewer = await open(`read; for i in $(seq ${count}); do echo "n:$i:"; sleep 0.004; done; read`);
    viewer.type("\n");
    for (const mark of [100, 500, 900, 1300, 1700]) {
      await expect.poll(() => viewer.text, slow).toContain(`n:${mark}:`);
      await ghost.kill("SIGKILL");
      await expect.poll(() => viewer.session.state.phase.kind, slow).toBe("waiting");
      await ghost.start();
      await expect.poll(() => viewer.attached, slow).toBe(true);
    }
    await expect.poll(() => viewer.text, slow).toContain(`n:${count}:`);
    const numbers = [...viewer.text.matchAll(/n:(\d+):/g)].map(([, number]) => Number(number));
    expect(numbers).toEqual(Array.from({ length: count }, (_, index) => index + 1));
    expect(viewer.replaced).toBeLessThanOrEqual(1); // the first, empty one
  });

  it.each([
    ["nano", "\x1b[B\x1b[B\x1b[C"],
    ["vim", "jjli"],
  ])("shows %s exactly as before, after a kill and to somebody who comes new", async (editor, keys) => {
    using viewer = await open(`cp /etc/services /tmp/${editor} && ${editor} /tmp/${editor}`);
    await expect.poll(() => viewer.lines.join("\n"), slow).toMatch(/services.*tcp/s);
    viewer.type(`${keys}typed `);
    await expect.poll(() => viewer.lines.join("\n"), slow).toContain("typed");
    const before = viewer.lines;
    await ghost.kill("SIGKILL");
    await expect.poll(() => viewer.session.state.phase.kind, slow).toBe("waiting");
    viewer.type("more "); // kept until there is a connection
    await ghost.start();
    await expect.poll(() => viewer.lines.join("\n"), slow).toContain("typed more");
    viewer.type("\x7f".repeat(5));
    await expect.poll(() => viewer.lines, slow).toEqual(before);
    const { terminals } = await ghost.client.terminals.list({ params: { cave } });
    using second = new HeadlessViewer(ghost, cave, terminals.findLast((one) => one.running)?.id ?? "");
    await expect.poll(() => second.screen, slow).toBe(viewer.screen);
    expect(second.session.state).toMatchObject({ viewers: 2, control: false });
  });

  it("holds a flood back for a slow screen without gathering it, and loses none of it", async () => {
    const size = 24 * MB;
    using viewer = await open(
      `stty -echo -onlcr; echo ready; read; yes 0123456789abcde | head -c ${size}; echo; echo done; read`,
    );
    await expect.poll(() => viewer.lines, slow).toContain("ready");
    let bytes = 0;
    let wrong = 0;
    let last = "";
    const { terminal } = viewer;
    // Some 8 MB a second, as a phone might do.
    const write = terminal.write.bind(terminal);
    terminal.write = (data: string | Uint8Array, done?: () => void) => {
      const text = Buffer.from(data).toString();
      viewer.text = viewer.text.slice(-100);
      for (const line of (last + text).split("\n").slice(0, -1)) {
        bytes += line.length + 1;
        if (line !== "0123456789abcde" && line !== "" && line !== "done") wrong++;
      }
      last = (last + text).split("\n").at(-1) ?? "";
      setTimeout(() => write("", done), text.length / 8_000);
    };
    const before = { gateway: rssOf(ghost.pid), daemon: await daemonRss(ghost, cave) };
    const most = { gateway: 0, daemon: 0 };
    viewer.type("\n");
    await expect
      .poll(
        async () => {
          most.gateway = Math.max(most.gateway, rssOf(ghost.pid));
          most.daemon = Math.max(most.daemon, await daemonRss(ghost, cave));
          return viewer.text;
        },
        { timeout: 60_000, interval: 200 },
      )
      .toContain("done");
    expect({ wrong, bytes }).toEqual({ wrong: 0, bytes: size + "\ndone\n".length });
    expect((most.gateway - before.gateway) / MB).toBeLessThan(48);
    expect((most.daemon - before.daemon) / MB).toBeLessThan(48);
  });
});
