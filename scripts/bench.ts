import { mkdir, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { benchCases } from "../bench/cases/all.ts";
import { engineFacts } from "../bench/engine.ts";
import { type Figure, machine, table } from "../bench/harness.ts";
import { buildViewers } from "./build-viewers.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "string", default: "test-results/bench.json" },
    list: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

if (values.help) {
  console.log(
    "npm run bench [-- case …] [--json FILE] [--list]\n\nMeasures Ghost against bare references in the same run. Without names: every case.",
  );
} else if (values.list) {
  for (const one of benchCases) console.log(one.name);
} else {
  const unknown = positionals.filter((name) => !benchCases.some((one) => one.name === name));
  if (unknown.length > 0) throw new Error(`No such case: ${unknown.join(", ")}. See --list.`);
  await buildViewers();
  const figures: Figure[] = [];
  for (const one of benchCases.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
    console.error(`· ${one.name}`);
    try {
      await one.run((figure) => {
        figures.push(figure);
        console.error(`  ${figure.name}: ${figure.p50.toFixed(2)} ${figure.unit}`);
      });
    } catch (error) {
      // What the others measure is not lost with it.
      console.error(`  ${one.name} broke off:`, error);
      process.exitCode = 1;
    }
  }
  const facts = { ...machine(), ...(await engineFacts()) };
  console.log(
    Object.entries(facts)
      .map(([name, value]) => `${name} ${value}`)
      .join(" · "),
  );
  console.log(table(figures));
  await mkdir(new URL("../test-results/", import.meta.url), { recursive: true });
  await writeFile(
    values.json,
    JSON.stringify({ at: new Date().toISOString(), machine: facts, figures }, null, 2),
  );
  const missed = figures.filter((figure) => figure.met === false);
  if (missed.length > 0) console.log(`\nMissed: ${missed.map((figure) => figure.name).join("; ")}`);
}
