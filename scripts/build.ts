import { ensureDashboard } from "./lib/dashboard.ts";
import { main } from "./lib/main.ts";

await main(async (setup) => {
  await ensureDashboard(setup);
  return 0;
});
