import type { Example } from "./example.ts";

export const typescript: readonly Example[] = [
  {
    title: "Hello",
    shows: "types that are taken off in memory",
    writes: "fork   120",
    code: String.raw`interface Part {
  readonly name: string;
  readonly grams: number;
}

const parts: Part[] = [
  { name: "frame", grams: 1850 },
  { name: "fork", grams: 120 },
];

for (const { name, grams } of parts) console.log(name.padEnd(6), grams);
console.log("total ", parts.reduce((sum, { grams }) => sum + grams, 0));
`,
  },
  {
    title: "Group the input",
    shows: "reads the input",
    writes: "b: bat, bear",
    stdin: "ant\nbat\nbear\ncat\n",
    code: String.raw`import { text } from "node:stream/consumers";

const words = (await text(process.stdin)).split("\n").filter((word) => word !== "");
const groups = Map.groupBy(words, (word: string) => word[0] ?? "");
for (const [letter, group] of groups) console.log(letter + ": " + group.join(", "));
`,
  },
  {
    title: "A state machine",
    shows: "several files",
    writes: "running → stopped",
    files: {
      "machine.ts": String.raw`export type State = "created" | "running" | "stopped";

const next: Record<State, readonly State[]> = {
  created: ["running"],
  running: ["stopped"],
  stopped: ["running"],
};

export function move(from: State, to: State): State {
  if (!next[from].includes(to)) throw new Error(from + " cannot become " + to);
  console.log(from, "→", to);
  return to;
}
`,
    },
    code: String.raw`import { move, type State } from "./machine.ts";

let state: State = "created";
for (const to of ["running", "stopped", "running"] satisfies State[]) state = move(state, to);
`,
  },
  {
    title: "A wrong type",
    shows: "type checking before the run",
    typecheck: true,
    ends: "compile_error",
    writes: "not assignable",
    code: String.raw`// Without "Check types" in the limits this runs: types are only taken off.
const answer: number = "forty-two";
console.log(answer);
`,
  },
  {
    title: "Sieve",
    shows: "processor time",
    writes: "664579 primes",
    code: String.raw`const limit = 10_000_000;
const composite = new Uint8Array(limit + 1);
let primes = 0;
for (let n = 2; n <= limit; n++) {
  if (composite[n]) continue;
  primes++;
  for (let multiple = n * n; multiple <= limit; multiple += n) composite[multiple] = 1;
}
console.log(primes + " primes up to " + limit.toLocaleString("en"));
`,
  },
];
