import { readAudit } from "../audit/read-audit.ts";
import { listBackends } from "../caves/backends.ts";
import { version } from "../lib/version.ts";
import { checkHealth } from "../metrics/health.ts";
import { appsPattern } from "../surfaces/origins.ts";
import { Reply, type Handlers } from "./handler.ts";
import { openApiOnce } from "./openapi.ts";

export const system: Handlers["system"] = {
  health: async (call) => {
    const health = await checkHealth(call);
    return new Reply(health, { status: health.status === "healthy" ? 200 : 503 });
  },
  version: ({ config }) => ({ ...version(), apps: appsPattern(config) }),
  metrics: ({ metrics }) => metrics.read(),
  openapi: () => openApiOnce(),
  backends: async (call, { query }, signal) => ({ backends: await listBackends(call, query, signal) }),
  images: ({ images }) => ({ images: images.list() }),
  audit: (call, { query }) => readAudit(call, query),
};
