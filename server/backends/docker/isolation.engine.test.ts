import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, createServer, type Server } from "node:net";
import { networkInterfaces } from "node:os";
import { promisify } from "node:util";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Backend } from "../backend.ts";
import { limits, ran, soon, specOf } from "../contract/fixture.ts";
import { bridgeName } from "./bridge-network.ts";
import { containerName } from "./labels.ts";
import { type DockerBackend, openDocker } from "./open-docker.ts";
import { ensureTestImages, testImages } from "./testing/images.ts";
import { lanPort, metadata, neighbour, openLan } from "./testing/lan.ts";

const ports = [22, 80, 3000, 4100, 5900, 6080, 8000, 8080, 9222];
const key = randomBytes(3).toString("hex");

/** Running caves of one instance, and what takes them away again. */
async function caves(instance: string, count: number, options: { allowPrivateNetworks?: boolean } = {}) {
  const host = process.env["DOCKER_HOST"];
  const backend = await openDocker({
    instance: `test-${key}-${instance}`,
    ...options,
    ...(host !== undefined && { host }),
  });
  const made = await Promise.all(
    Array.from({ length: count }, async () => {
      const spec = await specOf(backend, testImages.plain, { limits: { ...limits, pids: 512 } });
      await backend.create(spec, soon());
      await backend.start(spec.id, soon());
      return spec.id;
    }),
  );
  return { backend, made };
}

async function takeAway(backend: DockerBackend): Promise<void> {
  for (const { id } of await backend.list(soon())) await backend.remove(id, { keepWorkspace: false }, soon());
  await backend.uninstall(soon());
  await backend[Symbol.asyncDispose]();
}

async function addressOf(id: string): Promise<string> {
  const { NetworkSettings } = await new Docker().getContainer(containerName(id)).inspect();
  return Object.values(NetworkSettings.Networks)[0]?.IPAddress ?? "";
}

/** All of `targets` × `ports` that answer a connection from inside the cave. Tried at once, because what is dropped is silent for the whole timeout. */
async function reached(
  backend: Backend,
  id: string,
  targets: readonly string[],
  from: readonly number[] = ports,
): Promise<string[]> {
  const each = `for t in ${targets.join(" ")}; do for p in ${from.join(" ")}; do
    (timeout 3 nc -w 2 $t $p < /dev/null 2> /dev/null | grep -q here && echo "$t $p") &
  done; done; wait`;
  const { stdout } = await ran(backend, id, each);
  return stdout.split("\n").filter(Boolean);
}

/** Has the cave answer on every port, for everybody and on its loopback. */
async function listenEverywhere(backend: Backend, id: string): Promise<void> {
  for (const port of ports)
    await backend.exec(
      id,
      { argv: ["nc", "-ll", "-p", String(port), "-e", "echo", "here"], stdin: false },
      soon(600_000),
    );
  await vi.waitFor(
    async () => expect(await reached(backend, id, ["127.0.0.1"])).toHaveLength(ports.length),
    10_000,
  );
}

async function answers(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port });
  try {
    await once(socket, "connect", { signal: AbortSignal.timeout(2_000) });
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

beforeAll(async () => {
  await ensureTestImages();
});

describe("who can connect to whom", () => {
  const servers: Server[] = [];
  let ours: Awaited<ReturnType<typeof caves>>;
  let theirs: Awaited<ReturnType<typeof caves>>;

  beforeAll(async () => {
    [ours, theirs] = await Promise.all([caves("ours", 2), caves("theirs", 1)]);
    await Promise.all([
      ...ours.made.map((id) => listenEverywhere(ours.backend, id)),
      ...theirs.made.map((id) => listenEverywhere(theirs.backend, id)),
    ]);
    for (const port of ports) {
      // On every address, both families. Where a port is taken already, its owner does as well.
      const server = createServer((socket) => socket.on("error", () => undefined).end("here\n"));
      server.on("error", () => undefined).listen(port, "::");
      servers.push(server);
    }
    await Promise.all(
      servers
        .filter((server) => !server.listening)
        .map((server) => Promise.race([once(server, "listening"), once(server, "error")])),
    );
  });

  afterAll(async () => {
    for (const server of servers) server.close();
    await Promise.all([takeAway(ours.backend), takeAway(theirs.backend)]);
  });

  it("caves reach neither each other, nor those of another instance, nor any listener of the host", async () => {
    const local = Object.entries(networkInterfaces()).flatMap(([name, addresses]) =>
      (addresses ?? [])
        .filter(({ internal }) => !internal)
        .map(({ address }) => ({ name, address, scoped: address.startsWith("fe80:") })),
    );
    const hostAddresses = local.map(({ address, scoped }) => (scoped ? `${address}%eth0` : address));
    // The bridges' own addresses are among them: where caves send what leaves their network.
    expect(local.filter(({ name }) => name.startsWith("gh-")).length).toBeGreaterThanOrEqual(2);
    const up = servers.flatMap((server, index) => (server.listening ? [ports[index] ?? 0] : []));
    expect(up.length).toBeGreaterThan(ports.length / 2);
    for (const { address } of local.filter(({ scoped }) => !scoped))
      expect(await answers(address, up[0] ?? 0), `${address} is up`).toBe(true);

    const everybody = [
      ...ours.made.map((id) => ({ ...ours, id })),
      ...theirs.made.map((id) => ({ ...theirs, id })),
    ];
    const addresses = new Map(
      await Promise.all(everybody.map(async ({ id }) => [id, await addressOf(id)] as const)),
    );
    for (const { backend, id } of everybody) {
      const others = [...addresses].filter(([other]) => other !== id).map(([, address]) => address);
      expect(await reached(backend, id, [...others, ...hostAddresses, metadata])).toEqual([]);
    }
  });

  it("the gateway reaches every port of every cave", async () => {
    for (const id of ours.made) {
      for (const port of ports) {
        const stream = await ours.backend.dial(id, port, soon());
        expect(String(((await once(stream, "data")) as [Buffer])[0])).toBe("here\n");
        stream.destroy();
      }
    }
  });

  it("caves resolve names", async () => {
    const [id = ""] = ours.made;
    const { stdout, exitCode } = await ran(ours.backend, id, "nslookup deb.debian.org");
    expect(exitCode, stdout).toBe(0);
  });

  it("puts rules back that somebody flushed", async () => {
    const run = promisify(execFile);
    const [id = ""] = ours.made;
    const { stdout } = await run("iptables", ["-S", "INPUT"]);
    const bridge = bridgeName(`test-${key}-ours`);
    const jump = stdout.split("\n").find((line) => line.includes(` -i ${bridge} `)) ?? "";
    await run("iptables", jump.replace("-A", "-D").split(" "));
    const gateway = (await addressOf(id)).replace(/\.\d+\.\d+$/, ".0.1");
    const up = servers.flatMap((server, index) => (server.listening ? [ports[index] ?? 0] : []));
    expect(
      await reached(ours.backend, id, [gateway], up.slice(0, 1)),
      "without its rules the host is open",
    ).toHaveLength(1);
    await expect
      .poll(
        async () => {
          await ours.backend.list(soon());
          return reached(ours.backend, id, [gateway], up.slice(0, 1));
        },
        { timeout: 10_000 },
      )
      .toEqual([]);
  });
});

describe("networks around the host", () => {
  it("are closed to caves unless allowed, and link-local addresses always are", async () => {
    await using _lan = await openLan(key);
    expect(await answers(neighbour, lanPort)).toBe(true);
    expect(await answers(metadata, lanPort)).toBe(true);
    const [closed, opened] = await Promise.all([
      caves("closed", 1),
      caves("opened", 1, { allowPrivateNetworks: true }),
    ]);
    try {
      const targets = [neighbour, metadata];
      expect(await reached(closed.backend, closed.made[0] ?? "", targets, [lanPort])).toEqual([]);
      expect(await reached(opened.backend, opened.made[0] ?? "", targets, [lanPort])).toEqual([
        `${neighbour} ${lanPort}`,
      ]);
    } finally {
      await Promise.all([takeAway(closed.backend), takeAway(opened.backend)]);
    }
  });
});
