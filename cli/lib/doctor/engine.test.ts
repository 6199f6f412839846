import { expect, it } from "vitest";
import { engineAddress } from "./engine-address.ts";
import { checkInfo, type EngineInfo } from "./engine.ts";

const good: EngineInfo = {
  ServerVersion: "27.3.1",
  CgroupVersion: "2",
  CgroupDriver: "systemd",
  Driver: "overlay2",
  SecurityOptions: ["name=apparmor", "name=seccomp,profile=builtin"],
  Runtimes: { runc: {}, runsc: {}, "io.containerd.runc.v2": {} },
  BridgeNfIptables: true,
  MemTotal: 2 ** 34,
};
const levels = (info: EngineInfo) =>
  checkInfo(info)
    .filter(({ level }) => level !== "ok")
    .map(({ check, level }) => `${check} ${level}`);

it("is content with a good engine", () => {
  expect(levels(good)).toEqual([]);
  expect(checkInfo(good).find(({ check }) => check === "runtimes")?.says).toBe("runc, runsc.");
});

it.each([
  [{ ServerVersion: "19.03.9" }, "engine fail"],
  [{ ServerVersion: "20.10.24+dfsg1" }, undefined],
  [{ CgroupDriver: "none" }, "cgroups fail"],
  [{ Driver: "vfs" }, "storage warn"],
  [{ SecurityOptions: null }, "seccomp fail"],
  [{ SecurityOptions: ["name=seccomp,profile=unconfined"] }, "seccomp fail"],
  [{ BridgeNfIptables: false }, "bridge fail"],
])("judges %j", (part, expected) =>
  expect(levels({ ...good, ...part })).toEqual(expected === undefined ? [] : [expected]),
);

it("finds the engine where the environment says", () => {
  const none = { DOCKER_CONFIG: "/nonexistent" };
  expect(engineAddress(none).request).toEqual({ socketPath: "/var/run/docker.sock" });
  expect(engineAddress({ ...none, DOCKER_HOST: "unix:///run/x.sock" }).request).toEqual({
    socketPath: "/run/x.sock",
  });
  expect(engineAddress({ ...none, DOCKER_HOST: "tcp://box:2375" }).request).toMatchObject({
    host: "box",
    port: "2375",
  });
  expect(() => engineAddress({ ...none, DOCKER_HOST: "ssh://box" })).toThrow("ssh://box");
});
