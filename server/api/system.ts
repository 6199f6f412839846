import { readAudit } from "../audit/read-audit.ts";
import { listBackends } from "../caves/backends.ts";
import { version } from "../lib/version.ts";
import { checkHealth } from "../metrics/health.ts";
import { Reply, type Handlers } from "./handler.ts";
import { openApiOnce } from "./openapi.ts";

export const system: Handlers["system"] = {
  health: async (call) => {
    const health = await checkHealth(call);
    return new Reply(health, { status: health.status === "healthy" ? 200 : 503 });
  },
  version: () => version(),
  metrics: ({ metrics }) => metrics.read(),
  openapi: () => openApiOnce(),
  backends: async (call, _, signal) => ({ backends: await listBackends(call, signal) }),
  images: ({ images }) => ({ images: images.list() }),
  audit: (call, { query }) => readAudit(call, query),
};
