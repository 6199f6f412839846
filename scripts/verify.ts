import { dashboardTypes, docs, format, lint, runChecks, suite, types, viewers } from "./lib/checks.ts";
import { main } from "./lib/main.ts";

// All that can be said without an engine, in a minute.
await main(async (setup) => {
  const { failed } = await runChecks(setup, [
    [
      [format, lint, ...types, dashboardTypes, ...docs],
      [viewers, suite("unit")],
    ],
  ]);
  return failed === 0 ? 0 : 1;
});
