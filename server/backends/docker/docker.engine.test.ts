import { once } from "node:events";
import { text } from "node:stream/consumers";
import Docker from "dockerode";
import { pack } from "tar-stream";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { backendContract } from "../backend.contract.ts";
import { newId, ran, soon, specOf } from "../contract/fixture.ts";
import { bridgeName } from "./bridge-network.ts";
import { containerName, helperLabel, instanceLabel } from "./labels.ts";
import { ndjson } from "./ndjson.ts";
import type { DockerBackend } from "./open-docker.ts";
import { type DockerFixture, openFixture } from "./testing/fixture.ts";
import { openRegistry } from "./testing/registry.ts";

backendContract("docker", () => openFixture({ host: process.env["DOCKER_HOST"] }));

describe("docker", () => {
  const docker = new Docker();
  let fixture: DockerFixture;
  let backend: DockerBackend;

  beforeAll(async () => {
    fixture = await openFixture({ host: process.env["DOCKER_HOST"] });
    backend = await fixture.open();
  });

  afterAll(async () => {
    await backend[Symbol.asyncDispose]();
    await fixture[Symbol.asyncDispose]();
  });

  async function running(
    image: keyof DockerFixture["images"],
    mode: "open" | "none" = "open",
  ): Promise<string> {
    const spec = await specOf(backend, fixture.images[image], {
      network: { mode },
      daemonTokenHash: "0".repeat(64),
    });
    await backend.create(spec, soon());
    await backend.start(spec.id, soon());
    return spec.id;
  }

  const endpointOf = async (id: string) => {
    const { NetworkSettings } = await docker.getContainer(containerName(id)).inspect();
    const [network = ""] = Object.keys(NetworkSettings.Networks);
    return { network, address: NetworkSettings.Networks[network]?.IPAddress ?? "" };
  };

  it("hears through a tunnel that the cave's side has ended", async () => {
    const id = await running("alone", "none");
    const serve = "socat TCP-LISTEN:3000,reuseaddr SYSTEM:'echo all of it'";
    await backend.exec(id, { argv: ["sh", "-c", serve], stdin: false }, soon());
    const stream = await vi.waitFor(() => backend.dial(id, 3000, soon()));
    expect(await text(stream)).toBe("all of it\n");
  });

  it("fetches an image, tells how far it is, and reads its labels", async () => {
    await using registry = await openRegistry({ "ghost.daemon": "1", "ghost.version": "9.9.9" });
    const ref = `${registry.host}/test/image:1`;
    const lines: string[] = [];
    expect(await backend.image(ref, soon())).toBeUndefined();
    try {
      expect(await backend.pull(ref, (line) => lines.push(line), soon())).toMatchObject({
        ref,
        daemon: 1,
        version: "9.9.9",
      });
      expect(lines.some((line) => /pull complete/i.test(line))).toBe(true);
    } finally {
      await docker.getImage(ref).remove({ force: true });
    }
    await expect(
      backend.pull(`${registry.host}/test/other:1`, () => undefined, soon()),
    ).rejects.toMatchObject({ code: "image_not_found" });
    await expect(backend.pull("127.0.0.1:1/no/registry", () => undefined, soon())).rejects.toMatchObject({
      code: "image_not_found",
    });
  });

  it("takes nothing from a hostile image but its files", async () => {
    const ref = "ghost-test/hostile:1";
    const tar = pack();
    tar.entry({ name: "workspace/", type: "directory", uid: 0, gid: 0, mode: 0o700 });
    tar.entry({ name: "workspace/trap", mode: 0o600 }, "root's");
    tar.finalize();
    const changes = [
      "USER 0:0",
      "VOLUME /data",
      "HEALTHCHECK CMD touch /workspace/checked",
      "WORKDIR /proc/self",
      `LABEL ${instanceLabel}=another ghost.cave=cave-of-another ${helperLabel}=x`,
      'ENTRYPOINT ["sleep","0"]',
    ];
    const [repo, tag] = ref.split(":");
    const answer = await docker.importImage(tar as unknown as NodeJS.ReadableStream, { repo, tag, changes });
    for await (const _ of ndjson(answer));
    try {
      const spec = await specOf(backend, ref);
      await backend.create(spec, soon());
      const made = await docker.getContainer(containerName(spec.id)).inspect();
      expect(made.Config).toMatchObject({
        User: "1000:1000",
        WorkingDir: "/workspace",
        StopSignal: "SIGTERM",
        Healthcheck: { Test: ["NONE"] },
      });
      expect(made.Config.Labels).toMatchObject({ "ghost.cave": spec.id });
      expect((await backend.list(soon())).map(({ id }) => id)).toContain(spec.id);
      const volumes = made.Mounts.map(({ Name }) => Name);
      expect(volumes).toHaveLength(2);
      await backend.remove(spec.id, { keepWorkspace: false }, soon());
      const left = (await docker.listVolumes()).Volumes.map(({ Name }) => Name);
      expect(
        left.filter((name) => volumes.includes(name)),
        "nor is its own volume left",
      ).toEqual([]);
    } finally {
      await docker.getImage(ref).remove({ force: true });
    }
  });

  it("gives a foreign image's cave a workspace of its own, and one with the daemon a home as well", async () => {
    const plain = await running("plain");
    expect((await ran(backend, plain, 'stat -c "%u:%g %a" /workspace; echo $HOME; pwd')).stdout).toBe(
      "1000:1000 755\n/workspace\n/workspace\n",
    );
    const talks = await running("talks");
    expect((await ran(backend, talks, 'stat -c "%u:%g" /workspace /home/ghost')).stdout).toBe(
      "1000:1000\n1000:1000\n",
    );
  });

  it("kills a process and its family by the shell of Debian too", async () => {
    const id = await running("alone", "none");
    const stop = new AbortController();
    const exec = await backend.exec(
      id,
      { argv: ["bash", "-c", "sleep 4242 & setsid sleep 4242 & echo up; wait"], stdin: false },
      stop.signal,
    );
    exec.stdout.on("error", () => undefined);
    await once(exec.stdout, "data");
    const alive = async () => (await ran(backend, id, "pgrep -fc '^sleep 4242'")).stdout.trim();
    await vi.waitFor(async () => expect(await alive()).toBe("2"), 5_000);
    const started = performance.now();
    stop.abort();
    await exec.exit;
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(await alive()).toBe("0");
  });

  it("reaches a server that listens on the cave's loopback alone", async () => {
    const id = await running("alone");
    const serve = ["socat", "TCP-LISTEN:3000,bind=127.0.0.1,fork,reuseaddr", "EXEC:cat"];
    await backend.exec(id, { argv: serve, stdin: false }, soon(60_000));
    await vi.waitFor(async () => (await backend.dial(id, 3000, soon())).destroy(), {
      timeout: 5_000,
      interval: 50,
    });
    const stream = await backend.dial(id, 3000, soon());
    const answer = text(stream);
    stream.end("hello inside");
    expect(await answer).toBe("hello inside");
  });

  it("ends when such a server ends, with all that it said, while our side stays open", async () => {
    const id = await running("alone");
    const serve = [
      "socat",
      "TCP-LISTEN:3000,bind=127.0.0.1,fork,reuseaddr",
      "SYSTEM:head -n 1; yes | head -c 300000",
    ];
    await backend.exec(id, { argv: serve, stdin: false }, soon(60_000));
    await vi.waitFor(async () => (await backend.dial(id, 3000, soon())).destroy(), {
      timeout: 5_000,
      interval: 50,
    });
    const stream = await backend.dial(id, 3000, soon());
    stream.write("hello\n");
    expect((await text(stream)).length).toBe(300_006);
    stream.write("too late");
    stream.end();
    await once(stream, "close");
  });

  it("says what an image lacks to be reached without a network", async () => {
    const id = await running("plain", "none");
    await expect(backend.dial(id, 3000, soon())).rejects.toMatchObject({ code: "surface_unavailable" });
    await expect(backend.dial(id, 3000, soon()), "and remembers").rejects.toMatchObject({
      code: "surface_unavailable",
    });
  });

  it("gives a cave another address when a new one has its own", async () => {
    const id = await running("plain");
    const { network, address } = await endpointOf(id);
    await backend.stop(id, 0, soon());
    const squatter = await docker.createContainer({
      Image: fixture.images.plain,
      Cmd: ["tail", "-f", "/dev/null"],
      Labels: { [instanceLabel]: "nobody" },
      HostConfig: { NetworkMode: network, Init: true },
      NetworkingConfig: { EndpointsConfig: { [network]: { IPAMConfig: { IPv4Address: address } } } },
    });
    try {
      await squatter.start();
      await backend.start(id, soon());
      expect((await endpointOf(id)).address).not.toBe(address);
      await fixture.echo(backend, id, 3000);
    } finally {
      await squatter.remove({ force: true });
    }
  });

  it("makes its network anew when somebody has removed it", async () => {
    await using other = await fixture.open("networkless");
    const first = await specOf(other, fixture.images.plain);
    await other.create(first, soon());
    await other.remove(first.id, { keepWorkspace: false }, soon());
    const networks = await docker.listNetworks();
    const ours = networks.find(
      ({ Options }) =>
        Options?.["com.docker.network.bridge.name"] === bridgeName(fixture.instance("networkless")),
    );
    await docker.getNetwork(ours?.Id ?? "").remove();
    const second = await specOf(other, fixture.images.plain);
    await other.create(second, soon());
    await other.start(second.id, soon());
    expect((await other.inspect(second.id, soon()))?.state).toBe("running");
  });

  it("removes with a cave what a gateway that was killed while making it left", async () => {
    const id = newId();
    const helper = await docker.createContainer({
      Image: fixture.images.plain,
      Cmd: ["never"],
      Labels: { [instanceLabel]: fixture.instance("contract"), [helperLabel]: id },
      HostConfig: {
        NetworkMode: "none",
        Mounts: [
          {
            Type: "volume",
            Source: `${id}-workspace`,
            Target: "/workspace",
            VolumeOptions: {
              NoCopy: false,
              Labels: { [instanceLabel]: fixture.instance("contract"), "ghost.cave": id },
              DriverConfig: { Name: "local", Options: {} },
            },
          },
        ],
      },
    });
    expect(await backend.list(soon())).toContainEqual({ id, kind: "volume", state: "stopped" });
    await backend.remove(id, { keepWorkspace: false }, soon());
    expect((await backend.list(soon())).filter((seen) => seen.id === id)).toEqual([]);
    await expect(helper.inspect()).rejects.toMatchObject({ statusCode: 404 });
  });

  it("leaves neither network, rules nor image of its own when it is uninstalled", async () => {
    const other = await fixture.open("gone");
    const specs = await Promise.all([1, 2, 3].map(() => specOf(other, fixture.images.plain)));
    await Promise.all(specs.map((spec) => other.create(spec, soon())));
    await Promise.all(specs.map(({ id }) => other.remove(id, { keepWorkspace: false }, soon())));
    await other.uninstall(soon());
    await other.uninstall(soon());
    const ours = { label: [`${instanceLabel}=${fixture.instance("gone")}`] };
    expect(await docker.listImages({ filters: JSON.stringify(ours) })).toEqual([]);
    const networks = (await docker.listNetworks()).map(({ Name }) => Name);
    expect(networks).not.toContain(`ghost-${fixture.instance("gone")}`);
    await other[Symbol.asyncDispose]();
  });
});
