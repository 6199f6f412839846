import { expect, it } from "vitest";
import { PortNews } from "./port-news.ts";
import type { Cave } from "#contract/cave.ts";
import type { FleetEvent } from "#contract/system.ts";

const id = "cave_0000000001";
const port = (number: number) => ({ port: number, address: "0.0.0.0" });
const ports = (...numbers: number[]): FleetEvent => ({ type: "ports", caveId: id, ports: numbers.map(port) });
const cave = (...numbers: number[]): FleetEvent => ({
  type: "cave",
  cave: { id, ports: numbers.map(port) } as unknown as Cave,
});

function news(...known: number[]) {
  let now = 1_000_000;
  const one = new PortNews({ id, ports: known.map(port) }, () => now);
  return {
    heed: (event: FleetEvent) => one.heed(event).map((each) => each.port),
    pass: (ms: number) => (now += ms),
  };
}

it("tells of a port that begins to listen, once", () => {
  const { heed } = news(22);
  expect(heed(ports(22, 3000))).toEqual([3000]);
  expect(heed(ports(22, 3000))).toEqual([]);
  expect(heed({ ...(ports(4000) as Extract<FleetEvent, { type: "ports" }>), caveId: "cave_x" })).toEqual([]);
});

it("says nothing of ports that nobody chose", () => {
  const own = [41_145, 60_000].map((port) => ({ port, address: "127.0.0.1" }));
  expect(news().heed({ type: "ports", caveId: id, ports: [port(5173), ...own] })).toEqual([5173]);
});

it("is still when a dev server starts itself again, and tells of it when it comes back much later", () => {
  const { heed, pass } = news();
  expect(heed(ports(3000))).toEqual([3000]);
  expect(heed(ports())).toEqual([]);
  pass(5_000);
  expect(heed(ports(3000))).toEqual([]);
  expect(heed(ports())).toEqual([]);
  pass(120_000);
  expect(heed(ports(3000))).toEqual([3000]);
});

it("does not take what a gateway hears anew for something new", () => {
  const { heed } = news(3000);
  expect(heed(cave())).toEqual([]);
  expect(heed(ports(3000))).toEqual([]);
});
