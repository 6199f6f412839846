import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { engineAddress } from "./engine-address.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ghost-address-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function context(config: object, name: string, host: string): Promise<string> {
  const configDir = await mkdtemp(join(folder, "config-"));
  const meta = join(configDir, "contexts/meta", createHash("sha256").update(name).digest("hex"));
  await mkdir(meta, { recursive: true });
  await writeFile(join(configDir, "config.json"), JSON.stringify(config));
  await writeFile(
    join(meta, "meta.json"),
    JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }),
  );
  return configDir;
}

it("is the default socket when nothing is said", async () => {
  expect(await engineAddress({})).toEqual({ kind: "socket", path: "/var/run/docker.sock" });
  expect(await engineAddress({ host: "", configDir: join(folder, "none") })).toEqual({
    kind: "socket",
    path: "/var/run/docker.sock",
  });
});

it("is what DOCKER_HOST says", async () => {
  expect(await engineAddress({ host: "unix:///run/user/1000/docker.sock" })).toEqual({
    kind: "socket",
    path: "/run/user/1000/docker.sock",
  });
  expect(await engineAddress({ host: "tcp://engine:2375" })).toEqual({
    kind: "tcp",
    host: "engine",
    port: 2375,
  });
  expect(await engineAddress({ host: "engine" })).toEqual({ kind: "tcp", host: "engine", port: 2375 });
});

it("comes with its certificates", async () => {
  const certPath = await mkdtemp(join(folder, "certs-"));
  for (const name of ["ca", "cert", "key"]) await writeFile(join(certPath, `${name}.pem`), name);
  expect(await engineAddress({ host: "tcp://engine", certPath })).toEqual({
    kind: "tcp",
    host: "engine",
    port: 2376,
    tls: { ca: "ca", cert: "cert", key: "key" },
  });
});

it("is that of the current context", async () => {
  const configDir = await context(
    { currentContext: "colima" },
    "colima",
    "unix:///home/me/.colima/docker.sock",
  );
  expect(await engineAddress({ configDir })).toEqual({
    kind: "socket",
    path: "/home/me/.colima/docker.sock",
  });
  expect(await engineAddress({ host: "tcp://other:1", configDir }), "DOCKER_HOST comes first").toMatchObject({
    host: "other",
  });
});

it("is the default socket for the default context, or one that is gone", async () => {
  const socket = { kind: "socket", path: "/var/run/docker.sock" };
  expect(
    await engineAddress({ configDir: await context({ currentContext: "default" }, "x", "tcp://x") }),
  ).toEqual(socket);
  expect(
    await engineAddress({ configDir: await context({ currentContext: "gone" }, "x", "tcp://x") }),
  ).toEqual(socket);
});

it("is refused where it cannot be reached", async () => {
  await expect(engineAddress({ host: "ssh://me@engine" })).rejects.toMatchObject({
    code: "backend_unavailable",
  });
});
