import type { Handler } from "./lib/exchange.ts";
import { ready } from "./ready.ts";

/** Handlers are loaded when they are first needed: an idle daemon holds none of them. */
const routes: Record<string, () => Promise<Handler> | Handler> = {
  "GET /ready": () => ready,
  "POST /exec": () => import("./exec/exec.ts").then((module) => module.exec),
  "GET /files/stat": () => import("./files/stat.ts").then((module) => module.statFile),
  "GET /files/folder": () => import("./files/list.ts").then((module) => module.listFolder),
  "GET /files/content": () => import("./files/read.ts").then((module) => module.readContent),
  "PUT /files/content": () => import("./files/write.ts").then((module) => module.writeContent),
  "DELETE /files": () => import("./files/change.ts").then((module) => module.removeFile),
  "POST /files/move": () => import("./files/change.ts").then((module) => module.moveFile),
  "POST /files/mkdir": () => import("./files/change.ts").then((module) => module.makeFolder),
  "GET /terminals": () => import("./terminals/terminals.ts").then((module) => module.listTerminals),
  "POST /terminals": () => import("./terminals/terminals.ts").then((module) => module.openTerminal),
  "DELETE /terminals/:id": () => import("./terminals/terminals.ts").then((module) => module.closeTerminal),
  "GET /terminals/:id/transcript": () =>
    import("./terminals/transcript.ts").then((module) => module.terminalTranscript),
  "GET /processes": () => import("./processes/processes.ts").then((module) => module.listProcesses),
  "POST /processes": () => import("./processes/processes.ts").then((module) => module.startProcess),
  "GET /processes/:id": () => import("./processes/processes.ts").then((module) => module.getProcess),
  "GET /processes/:id/output": () =>
    import("./processes/processes.ts").then((module) => module.processOutput),
  "POST /processes/:id/signal": () =>
    import("./processes/processes.ts").then((module) => module.signalProcess),
  "POST /processes/:id/stdin": () => import("./processes/processes.ts").then((module) => module.processStdin),
  "POST /files/search": () => import("./files/search.ts").then((module) => module.searchFiles),
  "POST /files/replace": () => import("./files/replace.ts").then((module) => module.replaceInFiles),
  "GET /files/watch": () => import("./files/watch.ts").then((module) => module.watchFiles),
  "GET /files/archive": () => import("./files/archive.ts").then((module) => module.readArchive),
  "PUT /files/archive": () => import("./files/archive.ts").then((module) => module.writeArchive),
  "GET /ports": () => import("./ports.ts").then((module) => module.listPorts),
  "GET /services": () => import("./services/services.ts").then((module) => module.listServices),
  "POST /services/:id/start": () => import("./services/services.ts").then((module) => module.startService),
  "POST /services/:id/stop": () => import("./services/services.ts").then((module) => module.stopService),
  "GET /services/:id/logs": () => import("./services/services.ts").then((module) => module.serviceLogs),
  "GET /desktop/thumbnail": () => import("./services/thumbnail.ts").then((module) => module.thumbnail),
  "GET /desktop/windows": () => import("./desktop/windows.ts").then((module) => module.listWindows),
  "PUT /environment": () => import("./environment.ts").then((module) => module.putEnvironment),
  "PUT /secrets": () => import("./secrets.ts").then((module) => module.putSecrets),
  "GET /watch": () => import("./watch.ts").then((module) => module.watch),
  "GET /metrics": () => import("./metrics.ts").then((module) => module.readMetrics),
  "GET /disk": () => import("./metrics.ts").then((module) => module.diskUsage),
};

const loaded = new Map<string, Handler>();

export function findHandler(method: string, path: string): { handler: Handler; id: string } | undefined {
  const [, area = "", id = "", verb] = path.split("/", 5);
  const named = id !== "" && (area === "processes" || area === "terminals" || area === "services");
  const key = `${method} ${named ? `/${area}/:id${verb === undefined ? "" : `/${verb}`}` : path}`;
  const known = loaded.get(key);
  if (known) return { handler: known, id };
  const load = Object.hasOwn(routes, key) ? routes[key] : undefined;
  if (!load) return undefined;
  const handler: Handler = async (exchange) => {
    const found = await load();
    loaded.set(key, found);
    await found(exchange);
  };
  return { handler, id };
}
