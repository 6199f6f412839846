import { isobox } from "../dialects/isobox/isobox.ts";
import { runsWithLogs } from "../dialects/runs-with-logs/runs-with-logs.ts";
import { accounts } from "./accounts.ts";
import { caves } from "./caves.ts";
import { desktop } from "./desktop.ts";
import type { Handlers } from "./handler.ts";
import { exec, files, processes, terminals } from "./inside.ts";
import { runs } from "./runs.ts";
import { ports, surfaces } from "./surfaces.ts";
import { system } from "./system.ts";

/** What answers each endpoint of the contract. */
export const handlers: Handlers = {
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
};
