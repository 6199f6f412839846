import { copyFileSync, existsSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";

// The README's pictures are the test run's own: `npm test` (or the two files of tests/e2e/dashboard that are named here), then `npm run pictures`.

const root = join(import.meta.dirname, "..");
const mostBytes = 300_000;
const pictures = [
  { kept: "caves-1440-dark", as: "caves", by: "caves.test.ts" },
  { kept: "sample-preview", as: "workbench", by: "sample.test.ts" },
];

mkdirSync(join(root, "docs/pictures"), { recursive: true });
for (const { kept, as, by } of pictures) {
  const from = join(root, "test-results/screenshots", `${kept}.png`);
  if (!existsSync(from)) throw new Error(`There is no ${from}: run tests/e2e/dashboard/${by} first.`);
  const { size } = statSync(from);
  if (size > mostBytes)
    throw new Error(`${kept}.png has ${size} bytes; a README's picture has ${mostBytes} at most.`);
  copyFileSync(from, join(root, "docs/pictures", `${as}.png`));
  console.log(`docs/pictures/${as}.png: ${Math.round(size / 1000)} KB`);
}
