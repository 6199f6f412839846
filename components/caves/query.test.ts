import { expect, it } from "vitest";
import { matches, parseQuery, toggleTerm } from "./query.ts";
import type { Cave } from "#contract/cave.ts";

const cave = {
  id: "cave-aaaaaaaaaaaaaaaa",
  name: "research-agent",
  owner: "ada",
  image: "ghost/cave:full",
  backend: "docker",
  state: "running",
  ports: [{ port: 3000, address: "0.0.0.0" }],
} as unknown as Cave; // of a cave only what a filter reads

it.each([
  ["", true],
  ["research", true],
  ["state:running image:full", true],
  ["state:run", true],
  ["state:stopped,running", true],
  ["-state:running", false],
  ["owner:me port:3000", true],
  ["owner:bob", false],
  ["port:300", false],
  ['"research agent"', false],
  ["STATE:Running Agent", true],
  ["-agent", false],
  ["cave-aaaaaaaaaaaaaaaa", true],
  ["cave-aa", false], // every id begins with cave-
  ["id:cave-aa", true],
])("%s holds: %s", (text, expected) => {
  expect(matches(cave, parseQuery(text), "ada")).toBe(expected);
});

it.each([
  ["colour:red", "no filter “colour”"],
  ["state:asleep", "no state “asleep”"],
])("says what is wrong with %s", (text, problem) => {
  expect(parseQuery(text).problem).toContain(problem);
});

it("switches a term on, over, and off", () => {
  const on = toggleTerm("agent", "state", "running");
  expect(on).toBe("agent state:running");
  expect(toggleTerm(on, "state", "paused")).toBe("agent state:paused");
  expect(toggleTerm("agent state:paused", "state", "paused")).toBe("agent");
});
