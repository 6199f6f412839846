import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { freePort } from "../../tests/support/free-port.ts";
import { openLab } from "../../tests/support/lab.ts";
import { type Case, type Figure, figure, percentile, time } from "../harness.ts";
import { haveTools, type Process, startProcess } from "../relay/tools.ts";

const rounds = 5;
/** Streams as fast as they go; and as RFB goes, where a viewer asks for each update once it has the one before. */
const updates = [
  { name: "large updates (256 KB)", role: "source", size: 262_144, count: 8_192 },
  { name: "small updates (4 KB)", role: "source", size: 4_096, count: 262_144 },
  { name: "updates that are asked for (16 KB)", role: "asked", size: 16_384, count: 20_000 },
  { name: "updates that are asked for (2 KB)", role: "asked", size: 2_048, count: 20_000 },
] as const;

/** The bridge between a viewer's WebSocket and the X server, against Debian's websockify on the same stream: how many MB a second of CPU carries. */
export const desktop: Case = {
  name: "desktop",
  async run(report) {
    const note = await haveTools({ websockify: "websockify" });
    for (const { name, role, size, count } of updates) {
      const asked = role === "asked" ? size : undefined;
      await using source = await startRole(role, String(size), String(count));
      await using ours = await startRole("front", String(source.port));
      if (note !== undefined) {
        report(
          figure(`desktop: MB per CPU-second, ${name}`, [await rate(ours, size * count, asked)], {
            unit: "MB",
            note,
          }),
        );
        continue;
      }
      await using theirs = await startWebsockify(source.port);
      report(await against(`desktop: MB per CPU-second, ${name}`, size * count, asked, ours, theirs));
    }
    await firstFrames(report);
  },
};

/** From the address to the first picture, in Chromium: in a cave whose desktop never ran, and where it runs. */
async function firstFrames(report: (figure: Figure) => void): Promise<void> {
  await using lab = await openLab();
  const open = () =>
    time(async () => {
      await lab.go("desktop");
      await lab.page.locator('.desktop[data-state="live"]').waitFor();
    });
  report(figure("desktop: first frame after the first open", [await open()]));
  const warm: number[] = [];
  for (let again = 0; again < 10; again++) warm.push(await open());
  const frame = figure("desktop: first frame after open, when it runs", warm, { goal: "p50 ≤ 500 ms" });
  report({ ...frame, met: frame.p50 <= 500 });
}

async function against(
  name: string,
  bytes: number,
  asked: number | undefined,
  ours: Process,
  theirs: Process,
): Promise<Figure> {
  const rates = { ours: [] as number[], theirs: [] as number[] };
  for (let round = -1; round < rounds; round++) {
    for (const [who, bridge] of [
      ["ours", ours],
      ["theirs", theirs],
    ] as const) {
      const value = await rate(bridge, bytes, asked);
      if (round >= 0) rates[who].push(value);
    }
  }
  const reference = percentile(rates.theirs, 50);
  const ratio = percentile(rates.ours, 50) / reference;
  return figure(name, rates.ours, {
    unit: "MB",
    reference: { name: "websockify", n: rounds, p50: reference, p95: percentile(rates.theirs, 95) },
    ratio,
    goal: "≥ 5 ×",
    met: ratio >= 5,
  });
}

/** Megabytes of pixels that a second of the bridge's CPU carries to one viewer. */
async function rate(bridge: Process, bytes: number, asked?: number): Promise<number> {
  const before = cpuSeconds(bridge.pid);
  const used = await view(bridge.port, bytes, asked, () => cpuSeconds(bridge.pid));
  return bytes / 2 ** 20 / (used - before);
}

/** A masked frame (with zeros) around what a viewer says. */
const framed = (said: Buffer) => Buffer.concat([Buffer.of(0x82, 0x80 | said.length, 0, 0, 0, 0), said]);
const updateRequest = framed(Buffer.of(3, 1, 0, 0, 0, 0, 5, 0, 3, 32));

/** A viewer that takes what comes, or asks for updates of a size one by one; `done` is asked while it is still connected. */
async function view<T>(port: number, bytes: number, asked: number | undefined, done: () => T): Promise<T> {
  const socket = connect(port, "127.0.0.1");
  socket.write(
    "GET / HTTP/1.1\r\nHost: bench\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: binary\r\n\r\n",
  );
  let greeted = false;
  let left = bytes;
  let got = 0;
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    if (greeted) {
      got += chunk.length;
      if (got < (asked ?? 0)) continue;
      left -= asked ?? got;
      got = 0;
      if (left <= 0) return done();
    } else if (chunk.includes("RFB 003.008\n")) {
      greeted = true;
      socket.write(framed(Buffer.concat([Buffer.from("RFB 003.008\n"), Buffer.of(1, 1)])));
    }
    if (greeted && asked !== undefined) socket.write(updateRequest);
  }
  throw new Error("The bridge closed the connection.");
}

const startRole = (...args: string[]) =>
  startProcess(join(import.meta.dirname, "../desktop/process.ts"), ...args);

async function startWebsockify(target: number): Promise<Process> {
  const port = await freePort();
  const child = spawn("websockify", [`127.0.0.1:${port}`, `127.0.0.1:${target}`], { stdio: "ignore" });
  for (let tries = 0; !(await listens(port)); tries++) {
    if (tries > 100) throw new Error("websockify does not listen.");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    pid: child.pid ?? 0,
    port,
    async [Symbol.asyncDispose]() {
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      await gone;
    },
  };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

/** User and system time of a process and its children, living or waited for; websockify has one for each connection. */
function cpuSeconds(pid: number): number {
  let ticks = 0;
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const fields = readFileSync(`/proc/${entry}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
      const own = Number(fields[11]) + Number(fields[12]);
      if (Number(entry) === pid) ticks += own + Number(fields[13]) + Number(fields[14]);
      else if (Number(fields[1]) === pid) ticks += own;
    } catch {
      // It ended while we looked.
    }
  }
  return ticks / 100;
}
