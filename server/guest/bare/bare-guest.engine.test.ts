import { expect, it, vi } from "vitest";
import { newId, soon } from "../../backends/contract/fixture.ts";
import { openBareGuest } from "./bare-guest.ts";
import { code, describeBareCaves, told } from "./testing/bare-caves.ts";

describeBareCaves("processes, ports and the rest", (cave) => {
  it("lists ports with their processes and tells of changes", async () => {
    const stop = new AbortController();
    cave.defer(() => stop.abort());
    const events = (await cave.guest.watch(stop.signal))[Symbol.asyncIterator]();
    expect(await events.next()).toMatchObject({ value: { kind: "ports", ports: [] } });
    const server = new AbortController();
    cave.defer(() => server.abort());
    const { argv, address } = await listener();
    const port = { port: 8099, address };
    const running = await cave.start({ argv }, server.signal);

    expect(await events.next()).toMatchObject({ value: { kind: "ports", ports: [port] } });
    const [found] = await cave.guest.ports(soon());
    expect(found).toMatchObject({ ...port, process: expect.any(String) as unknown });
    expect((await cave.guest.process(found?.pid ?? 0, soon())).command).toContain("8099");
    const ended = told(running);
    ended.catch(() => undefined);
    server.abort();
    expect(await events.next()).toMatchObject({ value: { kind: "ports", ports: [] } });
    const last = events.next();
    stop.abort();
    await expect(last).rejects.toThrow(/abort/i);
    await vi.waitFor(async () => expect(await cave.alive("last=unknown")).toBe(0), 2_000);
  });

  async function listener(): Promise<{ argv: string[]; address: string }> {
    if ((await cave.run("command -v perl")).exit.exitCode !== 0) {
      return { argv: ["nc", "-ll", "-p", "8099", "-e", "cat"], address: "::" };
    }
    const script =
      "use Socket; socket(S, PF_INET, SOCK_STREAM, 0); bind(S, sockaddr_in(8099, INADDR_LOOPBACK)); listen(S, 1); sleep 1000";
    return { argv: ["perl", "-e", script], address: "127.0.0.1" };
  }

  it("lists processes and signals them", async () => {
    const events = (await cave.start({ command: "exec sleep 4714" }))[Symbol.asyncIterator]();
    const ended = events.next();
    const find = async () =>
      (await cave.guest.processes(soon())).find(({ command }) => command === "sleep 4714");
    await vi.waitFor(async () => expect(await find()).toBeDefined(), 5_000);
    const found = await find();
    expect(found).toMatchObject({ managed: false, running: true });
    expect(found?.memoryBytes).toBeGreaterThan(0);
    expect(Math.abs(Date.parse(found?.startedAt ?? "") - Date.now())).toBeLessThan(30_000);
    await cave.guest.signalProcess(found?.pid ?? 0, "SIGTERM", soon());
    expect(await ended).toMatchObject({ value: { kind: "exit", exit: { exitCode: 143 } } });
    await expect(cave.guest.process(999_999, soon())).rejects.toEqual(code("process_not_found"));
    await expect(cave.guest.signalProcess(999_999, "SIGTERM", soon())).rejects.toEqual(
      code("process_not_found"),
    );
  });

  it("says what only Ghost's image has", async () => {
    expect(await cave.guest.services(soon())).toEqual({});
    expect(await cave.guest.terminals(soon())).toEqual([]);
    await cave.guest.setSecrets({}, soon());
    const missing = {
      code: "surface_unavailable",
      message: expect.stringContaining("ghost/cave") as unknown,
    };
    for (const refused of [
      cave.guest.openTerminal({ cols: 80, rows: 24 }, soon()),
      cave.guest.startProcess({ command: "true" }, soon()),
      cave.guest.watchFiles("/workspace", soon()),
      cave.guest.startService("code", soon()),
      cave.guest.setSecrets({ TOKEN: "x" }, soon()),
      cave.guest.replaceInFiles(
        { path: ".", query: "a", replacement: "b", regex: false, caseSensitive: true, dryRun: false },
        soon(),
      ),
    ]) {
      await expect(refused).rejects.toEqual(expect.objectContaining(missing));
    }
  });

  it("counts the disk and reads the meters", async () => {
    expect(await cave.guest.diskUsage(soon())).toBeGreaterThan(0);
    expect((await cave.guest.metrics(soon())).memoryBytes).toBeGreaterThan(0);
  });

  it("is not ready when it has ended, or never was", async () => {
    await cave.backend.stop(cave.id, 0, soon());
    await expect(cave.guest.ready(soon())).rejects.toEqual(code("cave_exited"));
    await expect(cave.start({ command: "true" })).rejects.toEqual(code("cave_state"));
    await expect(openBareGuest({ id: newId(), backend: cave.backend }).ready(soon())).rejects.toEqual(
      code("cave_not_found"),
    );
  });
});
