/**
 * The dashboard is exported to static files that the gateway serves: no Next server runs in production.
 *
 * @type {import("next").NextConfig}
 */
export default {
  output: "export",
  images: { unoptimized: true },
  // Types are checked by `npm run verify`, with the rest.
  typescript: { tsconfigPath: "app/tsconfig.json", ignoreBuildErrors: true },
  reactStrictMode: true,
  devIndicators: false,
  turbopack: {
    rules: { "**/contract/index.ts": { loaders: ["./scripts/lib/endpoint-table.mjs"], as: "*.js" } },
  },
};
