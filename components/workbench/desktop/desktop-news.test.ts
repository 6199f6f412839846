import { beforeEach, describe, expect, it } from "vitest";
import { DesktopNews } from "./desktop-news.ts";
import type { Cave } from "#contract/cave.ts";
import type { FleetEvent } from "#contract/system.ts";

const caveId = "cave_0000000001" as Cave["id"];
const desktop = (state: "stopped" | "starting" | "ready") => ({ desktop: { state, since: "" } });
const services = (state: "stopped" | "starting" | "ready"): FleetEvent => ({
  ...{ type: "services", caveId, services: desktop(state) },
});
const opened = (...titles: string[]) => ofClass("XTerm", ...titles);
const ofClass = (program: string, ...titles: string[]): FleetEvent => ({
  ...{ type: "windows", caveId },
  opened: titles.map((title, id) => ({ id, title, class: program, since: "" })),
});

let now: number;
let news: DesktopNews;
beforeEach(() => {
  now = 0;
  news = new DesktopNews({ id: caveId, services: desktop("ready") }, () => now);
});
const told = (event: FleetEvent) => news.heed(event)?.title;

it("tells when the desktop has started, not that it ran already", () => {
  news = new DesktopNews({ id: caveId, services: desktop("stopped") });
  expect(told(services("starting"))).toBeUndefined();
  expect(told(services("ready"))).toBe("The desktop started");
  expect(told(services("ready"))).toBeUndefined();
  news = new DesktopNews({ id: caveId, services: desktop("ready") });
  expect(told(services("ready"))).toBeUndefined();
});

describe("a window that opens", () => {
  it("is told of by its title, or whatever it has of a name", () => {
    expect(news.heed(opened("htop"))).toEqual({ title: "New window: htop" });
    now += 10_000;
    expect(told(opened(""))).toBe("New window: XTerm");
    now += 10_000;
    expect(told(ofClass("", ""))).toBe("New window: untitled");
    now += 10_000;
    expect(told(opened("€".repeat(200)))).toBe(`New window: ${"€".repeat(80)}…`);
    const elsewhere = { ...opened("other"), caveId: "cave_0000000002" } as FleetEvent;
    now += 10_000;
    expect(news.heed(elsewhere)).toBeUndefined();
  });

  it("is one piece of news with those that open beside it", () => {
    expect(news.heed(opened("a", "b", "a"))).toEqual({ title: "2 new windows", detail: "a, b" });
    expect(news.heed(opened("c"))).toBeUndefined();
    now += 10_000;
    expect(news.heed(opened("d", "e", "f", "g", "h"))).toEqual({
      title: "5 new windows",
      detail: "d, e, f and 2 more",
    });
  });

  it("is no news when its program is started again and again", () => {
    expect(told(opened("test run"))).toBe("New window: test run");
    for (; now < 600_000; now += 30_000) expect(told(opened("test run"))).toBeUndefined();
    now += 120_000;
    expect(told(opened("test run"))).toBe("New window: test run");
  });
});
