import { ensureBaseImage } from "./lib/base-image.ts";
import { ensureEngine } from "./lib/engine.ts";
import { Failure } from "./lib/failure.ts";
import { flavors, type Flavor } from "./lib/images-file.ts";
import { ensureImages } from "./lib/images.ts";
import { main } from "./lib/main.ts";
import { ensureRunImages, runImages, usualRunImages } from "./lib/run-images.ts";

// Builds the named images (base, full, run:python …), or the usual ones; `npm run up -- --detach` leaves this running behind it.
await main(async (setup) => {
  const named = process.argv
    .slice(2)
    .filter((name): name is Flavor => (flavors as readonly string[]).includes(name));
  const given = process.argv.slice(2);
  const unknown = given.filter((name) => !named.some((one) => one === name) && !runName(name));
  if (unknown.length > 0) {
    const all = [...flavors, ...runImages.map((name) => `run:${name}`), "run:all"];
    throw new Failure(`There is no image ${unknown.join(", ")}.`, `There are ${all.join(", ")}.`);
  }
  const engine = await ensureEngine(setup);
  const base = await ensureBaseImage(setup, engine);
  const runs = given.includes("run:all") ? runImages : given.flatMap((name) => runName(name) ?? []);
  if (runs.length > 0 || given.length === 0)
    await ensureRunImages(setup, engine, base, given.length === 0 ? usualRunImages : runs);
  if (named.length > 0 || given.length === 0)
    await ensureImages(setup, engine, base, named.length > 0 ? named : flavors);
  return 0;
});

function runName(given: string): string | undefined {
  const name = /^run:(.+)$/.exec(given)?.[1];
  return name === "all" || runImages.includes(name ?? "") ? name : undefined;
}
