import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AppHouse, openAppHouse } from "./testing/app-house.ts";

let house: AppHouse;
let origin: string;
beforeAll(async () => {
  house = await openAppHouse();
});
afterAll(() => house[Symbol.asyncDispose]());

const navigate = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document", "sec-fetch-site": "none" };

describe("cookies of an app", () => {
  const entered = async (fetched: Record<string, string>) => {
    const { url } = await house.ghost.client.surfaces.open({
      params: { cave: "den" },
      body: { surface: { port: 3000 } },
    });
    origin = new URL(url).origin;
    const { headers } = await house.get(url, fetched);
    return headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
  };
  const frame = { ...navigate, "sec-fetch-dest": "iframe", "sec-fetch-site": "cross-site" };
  const asking = { "sec-fetch-mode": "cors", "sec-fetch-dest": "empty", "sec-fetch-site": "same-origin" };
  const partitioned = ["own=1; Path=/; Secure; SameSite=None; Partitioned"];

  it("that entered in a frame on another site are the frame's, whatever request sets them", async () => {
    const cookie = await entered(frame);
    for (const how of [frame, asking, { ...navigate, "sec-fetch-site": "same-origin" }])
      expect((await house.get(`${origin}/`, { cookie, ...how })).headers["set-cookie"]).toEqual(partitioned);
  });

  it.each([
    ["a tab of its own", navigate],
    ["a frame on its own site", { ...frame, "sec-fetch-site": "same-site" }],
    ["no browser", {}],
  ])("that entered in %s stay as it set them, also in frames of its own", async (_, way) => {
    const cookie = await entered(way);
    for (const how of [navigate, asking, { ...frame, "sec-fetch-site": "same-origin" }])
      expect((await house.get(`${origin}/`, { cookie, ...how })).headers["set-cookie"]).toEqual([
        "own=1; Path=/",
      ]);
  });
});
