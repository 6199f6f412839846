import { defineConfig } from "vitest/config";

const sources = ["contract", "server", "cli", "cave-image/daemon", "scripts", "viewers", "components"];
const unit = [...sources.map((folder) => `${folder}/**/*.test.ts`), "tests/*.test.ts"];
const onEngine = "**/*.engine.test.ts";
const patience = { setupFiles: ["tests/support/patience.ts"], expect: { poll: { timeout: 15_000 } } };

/** `unit` needs nothing but Node; `engine` talks to a real Docker engine; `e2e` drives the whole product. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...patience,
          name: "unit",
          include: unit,
          exclude: ["**/node_modules/**", onEngine],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          ...patience,
          name: "engine",
          include: [onEngine, "tests/integration/**/*.test.ts"],
          exclude: ["**/node_modules/**"],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          ...patience,
          name: "e2e",
          include: ["tests/e2e/**/*.test.ts"],
          globalSetup: ["tests/support/dashboard-files.ts"],
          exclude: ["**/node_modules/**"],
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
