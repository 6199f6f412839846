import { caves } from "./endpoints/caves.ts";
import { desktop } from "./endpoints/desktop.ts";
import { exec, files, processes, terminals } from "./endpoints/inside.ts";
import { isobox, runsWithLogs } from "./endpoints/run-dialects.ts";
import { runs } from "./endpoints/runs.ts";
import { ports, surfaces } from "./endpoints/surfaces.ts";
import { accounts, system } from "./endpoints/system.ts";

/** The whole public API, as data: server, client, OpenAPI and documentation are read from it. */
export const api = {
  caves,
  exec,
  processes,
  terminals,
  desktop,
  files,
  ports,
  surfaces,
  runs,
  isobox,
  runsWithLogs,
  accounts,
  system,
} as const;
