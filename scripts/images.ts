import { ensureBaseImage } from "./lib/base-image.ts";
import { ensureEngine } from "./lib/engine.ts";
import { Failure } from "./lib/failure.ts";
import { flavors, imageNames, runImages, usualRunImages, type ImageName } from "./lib/images-file.ts";
import { ensureImages } from "./lib/images.ts";
import { main } from "./lib/main.ts";

// Builds the named images (base, full, run:python …), or the usual ones; `npm run up -- --detach` leaves this running behind it.
await main(async (setup) => {
  const wanted = process.argv.slice(2).flatMap(named);
  const engine = await ensureEngine(setup);
  const base = await ensureBaseImage(setup, engine);
  await ensureImages(setup, engine, base, wanted.length > 0 ? wanted : [...usualRunImages, ...flavors]);
  return 0;
});

function named(given: string): readonly ImageName[] {
  const names = given === "run:all" ? runImages : imageNames.filter((name) => name === given);
  if (names.length > 0) return names;
  throw new Failure(`There is no image ${given}.`, `There are ${[...imageNames, "run:all"].join(", ")}.`);
}
