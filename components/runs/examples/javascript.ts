import type { Example } from "./example.ts";

export const javascript: readonly Example[] = [
  {
    title: "Hello, live",
    shows: "output as it comes, in colour",
    writes: "Node",
    code: String.raw`const { setTimeout: sleep } = require("node:timers/promises");

async function main() {
  for (const [step, word] of ["Hello", "from", "Node", process.version].entries()) {
    process.stdout.write("\x1b[3" + (step + 2) + "m" + word + "\x1b[0m ");
    await sleep(200);
  }
  console.log();
  console.error("and a word on stderr");
}

main();
`,
  },
  {
    title: "Sum the lines",
    shows: "reads the input line by line",
    writes: "sum 42",
    stdin: "12\n9\n21\n",
    code: String.raw`const { createInterface } = require("node:readline");

const lines = createInterface({ input: process.stdin });
let sum = 0;
lines.on("line", (line) => {
  sum += Number(line);
  console.log(line.padStart(6), "→", sum);
});
lines.on("close", () => console.log("sum", sum));
`,
  },
  {
    title: "A template",
    shows: "several files",
    writes: "Dear Ada",
    files: {
      "lib/fill.js": String.raw`exports.fill = (template, values) =>
  template.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "?");
`,
      "guests.json": '[{ "name": "Ada", "room": 12 }, { "name": "Alan", "room": 7 }]\n',
    },
    code: String.raw`const { readFileSync } = require("node:fs");
const { fill } = require("./lib/fill.js");

for (const guest of JSON.parse(readFileSync("guests.json", "utf8"))) {
  console.log(fill("Dear {name}, your room is {room}.", guest));
}
`,
  },
  {
    title: "A rejected promise",
    shows: "a runtime error with its stack",
    ends: "runtime_error",
    writes: "no such cave",
    code: String.raw`async function enter(cave) {
  if (!cave.open) throw new Error("no such cave: " + cave.name, { cause: cave });
  return cave;
}

enter({ name: "lascaux", open: false });
`,
  },
  {
    title: "Mandelbrot",
    shows: "processor time, drawn in colour",
    writes: "█",
    code: String.raw`const width = 78, height = 28, depth = 2000;

for (let row = 0; row < height; row++) {
  let line = "";
  for (let column = 0; column < width; column++) {
    const cr = -2.2 + (3.2 * column) / width, ci = -1.25 + (2.5 * row) / height;
    let r = 0, i = 0, step = 0;
    while (r * r + i * i < 4 && step < depth) {
      [r, i] = [r * r - i * i + cr, 2 * r * i + ci];
      step++;
    }
    line += step === depth ? "\x1b[0m " : "\x1b[38;5;" + (17 + (step * 7) % 214) + "m█";
  }
  console.log(line + "\x1b[0m");
}
`,
  },
];
