import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WebSocket } from "ws";
import { type Case, type Figure, figure, peakRssOf, percentile, rssOf } from "../harness.ts";
import {
  curl,
  flagsOf,
  haveTools,
  type Process,
  startBefore,
  startNginx,
  startTarget,
  wrk,
} from "../relay/tools.ts";

/** The whole gateway before an app, against the same app without it and behind nginx. All processes share the machine, so each round measures them in turn. */
export const relay: Case = {
  name: "relay",
  async run(report) {
    await using target = await startTarget();
    await using front = await startBefore(target);
    const note = await haveTools({ wrk: "wrk", nginx: "nginx-light", curl: "curl" });
    if (note !== undefined) {
      report(figure("relay: requests and transfers", [], { unit: "req/s", note }));
    } else {
      await using nginx = await startNginx(target.port);
      await requests(report, target, front, nginx);
      await transfers(report, target, front, nginx);
    }
    await sockets(report, target, front);
  },
};

async function requests(
  report: (figure: Figure) => void,
  target: Process,
  front: Process,
  nginx: Process,
): Promise<void> {
  const ways = { relay: front, direct: target, nginx };
  const rates = { relay: [] as number[], direct: [] as number[], nginx: [] as number[] };
  const latencies = { relay: [] as number[], direct: [] as number[], nginx: [] as number[] };
  for (let round = -1; round < 7; round++) {
    for (const name of ["direct", "relay", "nginx"] as const) {
      const { rate, p50 } = await wrk(ways[name], 2);
      if (round < 0) continue;
      rates[name].push(rate);
      latencies[name].push(p50);
    }
  }
  const against = (name: "direct" | "nginx", atLeast: number) =>
    report(
      versus(
        `relay: 64 connections, 1 KB answers, vs ${name}`,
        "req/s",
        rates.relay,
        name,
        rates[name],
        atLeast,
      ),
    );
  against("direct", 0.4);
  against("nginx", 0.6);
  const added = latencies.relay.map((value, round) => value - (latencies.direct[round] ?? 0));
  report(
    figure("relay: added p50 latency at that load", added, {
      goal: "≤ 1 ms",
      met: percentile(added, 50) <= 1,
    }),
  );
}

/**
 * The kernel's copies are the floor: a bare relay of bytes between two sockets costs 0.5 to 0.6 s of system time for each GB, whether it pipes,
 * writes what it reads, or reads into one buffer of its own (`onread`, which saves 0.1 s of user time on sockets that we open). Without a relay
 * the target needs 0.1 s. On two cores, which target, relay and client share, that floor alone may keep any relay that copies below 0.7 ×; nginx was there too.
 */
async function transfers(
  report: (figure: Figure) => void,
  target: Process,
  front: Process,
  nginx: Process,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "ghost-bench-relay-"));
  try {
    const file = join(folder, "1g");
    await writeFile(file, "");
    await truncate(file, 2 ** 30);
    const download = (from: Process) => curl("speed_download", from, "/large");
    const upload = (to: Process) => curl("speed_upload", to, "/", "-T", file);
    await download(front);
    await upload(front);
    // What the heap needs once, it has now: from here on, memory may not grow with what passes through.
    const before = rssOf(front.pid);
    await writeFile(`/proc/${front.pid}/clear_refs`, "5");
    for (const [name, transfer] of [
      ["download", download],
      ["upload", upload],
    ] as const) {
      const ours: number[] = [];
      const direct: number[] = [];
      const proxied: number[] = [];
      for (let round = 0; round < 5; round++) {
        direct.push(await transfer(target));
        ours.push(await transfer(front));
        proxied.push(await transfer(nginx));
      }
      report(versus(`relay: 1 GB ${name}`, "MB/s", ours, "direct", direct, 0.7));
      report(versus(`relay: 1 GB ${name}, vs nginx`, "MB/s", ours, "nginx", proxied));
    }
    report(memory("relay: RSS growth over ten transfers of 1 GB", front, before));
    const slow = spawn("curl", [
      "-s",
      "-o",
      "/dev/null",
      "--limit-rate",
      "1M",
      "--max-time",
      "5",
      ...flagsOf(front.headers),
      `http://127.0.0.1:${front.port}/large`,
    ]);
    await once(slow, "exit");
    report(memory("relay: RSS growth, with a slow reader", front, before));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function memory(name: string, front: Process, before: number): Figure {
  const grown = (peakRssOf(front.pid) - before) / 2 ** 20;
  return figure(name, [grown], { unit: "MB", goal: "< 64 MB", met: grown < 64 });
}

async function sockets(report: (figure: Figure) => void, target: Process, front: Process): Promise<void> {
  const seconds = Number(process.env["GHOST_BENCH_SOCKET_SECONDS"] ?? 10);
  const direct = await echo(target, 1_000, Math.min(seconds, 60));
  const relayed = await echo(front, 1_000, seconds);
  const added = percentile(relayed.times, 95) - percentile(direct.times, 95);
  const rss = rssOf(front.pid) / 2 ** 20;
  report(
    figure(`relay: WebSocket echo, 1000 sockets, ${seconds} s`, relayed.times, {
      reference: {
        name: "direct",
        n: direct.times.length,
        p50: percentile(direct.times, 50),
        p95: percentile(direct.times, 95),
      },
      goal: "0 lost, p95 + ≤ 5 ms, < 1 GB",
      met: relayed.lost === 0 && added <= 5 && rss < 1_024,
      note: `${relayed.lost} lost, p95 + ${added.toFixed(2)} ms, RSS ${rss.toFixed(0)} MB`,
    }),
  );
}

/** Each socket says something once a second; the sockets take turns. */
async function echo(
  { port, headers = {} }: Process,
  count: number,
  seconds: number,
): Promise<{ times: number[]; lost: number }> {
  const times: number[] = [];
  let lost = 0;
  const open = await Promise.all(
    Array.from({ length: count }, async () => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/`, { perMessageDeflate: false, headers });
      socket.on("close", (code) => (lost += code === 1000 ? 0 : 1));
      socket.on("error", () => undefined);
      socket.on("message", (data: Buffer) => times.push(performance.now() - Number(data.toString())));
      await once(socket, "open");
      return socket;
    }),
  );
  let sent = 0;
  const started = performance.now();
  while (sent < count * seconds) {
    const due = Math.min(count * seconds, Math.floor(((performance.now() - started) / 1_000) * count));
    for (; sent < due; sent++) open[sent % count]?.send(String(performance.now()));
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  for (let waited = 0; times.length < sent && waited < 200; waited++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await Promise.all(
    open.map(async (socket) => {
      const closed = once(socket, "close");
      socket.close(1000);
      await closed;
    }),
  );
  return { times, lost: lost + sent - times.length };
}

/** A figure where more is better. */
function versus(
  name: string,
  unit: string,
  ours: number[],
  reference: string,
  theirs: number[],
  atLeast?: number,
): Figure {
  const ratio = percentile(ours, 50) / percentile(theirs, 50);
  return figure(name, ours, {
    unit,
    reference: {
      name: reference,
      n: theirs.length,
      p50: percentile(theirs, 50),
      p95: percentile(theirs, 95),
    },
    ratio,
    ...(atLeast !== undefined && { goal: `≥ ${atLeast} ×`, met: ratio >= atLeast }),
  });
}
