import { expect, it } from "vitest";
import { advance, fail, idle } from "./api/create-cave.ts";
import { check } from "./check.ts";
import { draftFrom, emptyDraft, toInput } from "./draft.ts";

const link = (search: string) => draftFrom(new URLSearchParams(search));

it("fills in what a link names, within bounds, and says what that was", () => {
  const { draft, filled } = link(
    "new&name=den&memoryMb=999999999999&cpus=-4&pids=nonsense&network=allow&allow=a.example,b.example&desktop=true&ttlMs=60000&env.MODE=test",
  );
  expect(draft).toMatchObject({
    ...{ name: "den", network: "allow", allow: "a.example\nb.example", ttlMs: 60_000 },
    limits: { ...emptyDraft.limits, memoryMb: 1_048_576, cpus: 0.1 },
    services: { desktop: true, code: false, jupyter: false },
    env: [{ name: "MODE", value: "test" }],
  });
  expect([...filled].sort()).toEqual(
    ["allow", "cpus", "desktop", "env.MODE", "memoryMb", "name", "network", "ttlMs"].sort(),
  );
  expect(link(`name=${"x".repeat(5000)}`).draft.name).toHaveLength(500);
  expect(link("").filled).toEqual([]);
});

it("sends no more than what was asked for", () => {
  expect(toInput(emptyDraft)).toEqual({
    ...{ image: "ghost/cave", backend: "docker", limits: emptyDraft.limits, network: { mode: "open" } },
    ...{ env: {}, secrets: [], services: {} },
  });
  const { draft } = link("network=allow&allow=a.example,*.b.example&idleTimeoutMs=900000&code=true");
  expect(toInput({ ...draft, env: [{ name: "", value: "lost" }] })).toMatchObject({
    network: { mode: "allow", allow: ["a.example", "*.b.example"] },
    ...{ env: {}, services: { code: true }, idleTimeoutMs: 900_000 },
  });
});

it("tells a slip beside its field, before anything is sent", () => {
  expect(check({ ...emptyDraft, name: "den" })).toEqual({});
  const twice = { name: "A", value: "1" };
  expect(
    Object.keys(
      check({ ...emptyDraft, name: "No Name", image: "", network: "allow", allow: " ", env: [twice, twice] }),
    ).sort(),
  ).toEqual(["allow", "env", "image", "name"]);
});

it("has the stages' times as they come, and marks the one that failed", () => {
  const at = (stage: "image" | "create", status: "started" | "progress" | "done", elapsedMs: number) => ({
    ...{ cave: "cave-0", stage, status, elapsedMs },
    ...(status === "progress" && { message: `line at ${elapsedMs}` }),
  });
  const going = [at("image", "started", 5), at("image", "progress", 10), at("image", "done", 40)].reduce(
    advance,
    idle,
  );
  expect(going.stages.image).toEqual({ status: "done", fromMs: 5, toMs: 40 });
  expect(going.log).toEqual([{ stage: "image", text: "line at 10", ms: 10 }]);
  const failed = fail(advance(going, at("create", "started", 41)), "why");
  expect(failed).toMatchObject({ status: "failed", error: "why", stages: { create: { status: "failed" } } });
  expect(failed.stages.image.status).toBe("done");
  const long = Array.from({ length: 600 }, (_, ms) => at("image", "progress", ms)).reduce(advance, idle);
  expect(long.log).toHaveLength(500);
});
