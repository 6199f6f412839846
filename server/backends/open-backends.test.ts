import { pino } from "pino";
import { expect, it } from "vitest";
import { openBackends } from "./open-backends.ts";

const log = pino({ level: "silent" });
const soon = () => AbortSignal.timeout(5_000);

it("opens what is configured, and nothing else", async () => {
  await using backends = await openBackends({ names: ["memory"], instance: "test", log });
  expect(backends.all().map(({ name }) => name)).toEqual(["memory"]);
  expect(await backends.get("memory").list(soon())).toEqual([]);
  expect(() => backends.get("docker")).toThrow(
    expect.objectContaining({ code: "backend_not_found", details: { backends: ["memory"] } }),
  );
  await expect(openBackends({ names: ["memory", "hyper"], instance: "test", log })).rejects.toMatchObject({
    code: "backend_not_found",
  });
});

it("opens a backend whose engine is away; its verbs say so", async () => {
  await using backends = await openBackends({
    names: ["docker"],
    instance: "test",
    log,
    docker: { host: "unix:///nowhere/docker.sock" },
  });
  const docker = backends.get("docker");
  expect(await docker.info(soon())).toMatchObject({
    reachable: false,
    reason: expect.stringContaining("ENOENT") as string,
  });
  const away = { code: "backend_unavailable" };
  await expect(docker.list(soon())).rejects.toMatchObject(away);
  await expect(docker.image("plain", soon())).rejects.toMatchObject(away);
  await expect(docker.dial("cave-x", 80, soon())).rejects.toMatchObject(away);
  const image = { ref: "plain", id: "sha256:0", browser: false, sizeBytes: 1 };
  const limits = { cpus: 1, memoryMb: 64, pids: 16, diskMb: 64 };
  for (const mode of ["open", "none"] as const) {
    await expect(
      docker.create({ id: "cave-x", name: "x", image, limits, network: { mode }, env: {} }, soon()),
    ).rejects.toMatchObject(away);
  }
  await expect(
    (async () => {
      for await (const _ of docker.events(soon()));
    })(),
  ).rejects.toMatchObject(away);
});

it("refuses from the moment it is closed", async () => {
  const backends = await openBackends({ names: ["memory"], instance: "test", log });
  const memory = backends.get("memory");
  await backends[Symbol.asyncDispose]();
  await expect(memory.list(soon())).rejects.toMatchObject({ code: "shutting_down" });
});
