import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { parseSockets } from "./ports.ts";
import { startDaemon, type TestDaemon } from "./testing/daemon.ts";
import type { ListeningPort } from "#contract/cave.ts";

let daemon: TestDaemon;
beforeAll(async () => {
  daemon = await startDaemon();
});
afterAll(async () => {
  await daemon[Symbol.asyncDispose]();
});

it("reads the kernel's tables", () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 12345 1 0000000000000000 100 0 0 10 0
   1: 0100007F:0BB9 0100007F:1000 01 00000000:00000000 00:00000000 00000000  1000        0 12346 1 0000000000000000 100 0 0 10 0
   2: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 1000 0 7 1 0 100 0 0 10 0
   3: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 1000 0 8 1 0 100 0 0 10 0
   4: 0000000000000000FFFF00000100000A:0051 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 1000 0 9 1 0 100 0 0 10 0
   5: B80D0120000000000000000001000000:0052 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 1000 0 10 1 0 100 0 0 10 0
`;
  expect(parseSockets(table)).toEqual([
    { address: "127.0.0.1", port: 3000, inode: "12345" },
    { address: "::1", port: 8080, inode: "7" },
    { address: "::", port: 80, inode: "8" },
    { address: "10.0.0.1", port: 81, inode: "9" },
    { address: "2001:db8::1", port: 82, inode: "10" },
  ]);
});

it("tells within a second of a port that opens or closes, with its process, and never of the daemon's own", async () => {
  const res = await daemon.open("GET", "/watch");
  let text = "";
  res.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  res.on("error", () => undefined);
  const events = () =>
    text
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { kind: string; ports: ListeningPort[] });
  const ports = () => events().findLast(({ kind }) => kind === "ports")?.ports ?? [];
  await vi.waitFor(() =>
    expect(new Set(events().map(({ kind }) => kind))).toEqual(new Set(["ports", "services", "activity"])),
  );

  const script =
    "import socket, time; s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(); print(s.getsockname()[1], flush=True); time.sleep(60)";
  const { pid } = (
    await daemon.request("POST", "/processes", { argv: ["python3", "-c", script], cwd: daemon.folder })
  ).json as { pid: number };
  const port = await vi.waitFor(async () => {
    const said = (await daemon.request("GET", `/processes/${pid}/output`)).body.toString();
    expect(said).toMatch(/^\d+\n$/);
    return Number(said);
  });
  await vi.waitFor(
    () => expect(ports()).toContainEqual({ port, pid, process: "python3", address: "127.0.0.1" }),
    1500,
  );
  expect((await daemon.request("GET", "/ports")).json).toContainEqual({
    port,
    pid,
    process: "python3",
    address: "127.0.0.1",
  });
  await daemon.request("POST", `/processes/${pid}/signal`, { signal: "SIGKILL" });
  await vi.waitFor(() => expect(ports().map((one) => one.port)).not.toContain(port), 1500);
  await vi.waitFor(
    () => expect(events().filter(({ kind }) => kind === "activity").length).toBeGreaterThan(1),
    1500,
  );
  res.destroy();
});
