import { expect, it } from "vitest";
import { none, withNotice, type Notices, type Told } from "./notices.ts";

const after = (told: readonly Told[], everyMs = 1000): Notices =>
  told.reduce((now, one, index) => withNotice(now, one, index * everyMs), none);
const corner = ({ kept, shown }: Notices) =>
  shown.map((id) => kept.find((one) => one.id === id)).map((one) => `${one?.title} ×${one?.times}`);

it("shows a few, keeps them all, and lets news make room before what failed", () => {
  const now = after([
    { title: "broke", tone: "danger" },
    { title: "one" },
    { title: "two" },
    { title: "three" },
    { title: "four" },
  ]);
  expect(corner(now)).toEqual(["broke ×1", "three ×1", "four ×1"]);
  expect(now.kept.map(({ title }) => title)).toEqual(["broke", "one", "two", "three", "four"]);
  expect(now.unread).toBe(5);
});

it("counts what is told again instead of repeating it", () => {
  const now = after([{ title: "a" }, { title: "b" }, { title: "a" }, { title: "a" }]);
  expect(corner(now)).toEqual(["b ×1", "a ×3"]);
  expect(now.kept).toHaveLength(2);
  expect(after([{ title: "a" }, { title: "a" }], 3_600_000).kept).toHaveLength(2);
});

it("never takes one for another, also after one was told again", () => {
  const { kept } = after([{ title: "a" }, { title: "b" }, { title: "a" }, { title: "c" }]);
  expect(new Set(kept.map(({ id }) => id)).size).toBe(3);
});

it("lets a newer word about the same thing take its place, and keeps both", () => {
  const now = after([
    { key: "act x", title: "Started: x" },
    { key: "act x", title: "Stopped: x" },
  ]);
  expect(corner(now)).toEqual(["Stopped: x ×1"]);
  expect(now.kept).toHaveLength(2);
});

it("keeps the last fifty", () => {
  const now = after(Array.from({ length: 80 }, (_, index) => ({ title: String(index) })));
  expect([now.kept.length, now.kept[0]?.title, now.unread]).toEqual([50, "30", 50]);
});
