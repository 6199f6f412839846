import { ensureBaseImage } from "./lib/base-image.ts";
import { ensureEngine } from "./lib/engine.ts";
import { flavors, type Flavor } from "./lib/images-file.ts";
import { ensureImages } from "./lib/images.ts";
import { main } from "./lib/main.ts";

// Builds the named images, or both; `npm run up -- --detach` leaves this running behind it.
await main(async (setup) => {
  const named = process.argv
    .slice(2)
    .filter((name): name is Flavor => (flavors as readonly string[]).includes(name));
  const engine = await ensureEngine(setup);
  await ensureImages(setup, engine, await ensureBaseImage(setup, engine), named.length > 0 ? named : flavors);
  return 0;
});
