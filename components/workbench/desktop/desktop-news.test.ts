import { expect, it } from "vitest";
import { DesktopNews } from "./desktop-news.ts";
import type { Cave } from "#contract/cave.ts";
import type { FleetEvent } from "#contract/system.ts";

const caveId = "cave_0000000001" as Cave["id"];
const desktop = (state: "stopped" | "starting" | "ready") => ({ desktop: { state, since: "" } });
const services = (state: "stopped" | "starting" | "ready"): FleetEvent => ({
  ...{ type: "services", caveId, services: desktop(state) },
});
const activity = (what: string): FleetEvent => ({
  ...{ type: "activity", caveId, activity: { at: "", what } },
});

it("tells when the desktop has started, not that it ran already", () => {
  const news = new DesktopNews({ id: caveId, services: desktop("stopped") });
  expect(news.heed(services("starting"))).toBeUndefined();
  expect(news.heed(services("ready"))).toBe("The desktop started");
  expect(news.heed(services("ready"))).toBeUndefined();
  expect(new DesktopNews({ id: caveId, services: desktop("ready") }).heed(services("ready"))).toBeUndefined();
});

it("tells once of somebody who drives the browser for long", () => {
  let now = 0;
  const news = new DesktopNews({ id: caveId, services: desktop("ready") }, () => now);
  expect(news.heed(activity("exec"))).toBeUndefined();
  expect(news.heed(activity("browser"))).toBe("The browser on the desktop is in use");
  for (now = 0; now < 3_600_000; now += 60_000) expect(news.heed(activity("browser"))).toBeUndefined();
  now += 3_600_000;
  expect(news.heed(activity("browser"))).toBeDefined();
});
