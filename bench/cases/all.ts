import type { Case } from "../harness.ts";
import { code } from "./code.ts";
import { create } from "./create.ts";
import { cycles } from "./cycles.ts";
import { dashboard } from "./dashboard.ts";
import { desktop } from "./desktop.ts";
import { exec } from "./exec.ts";
import { files } from "./files.ts";
import { hundred } from "./hundred.ts";
import { idle } from "./idle.ts";
import { relay } from "./relay.ts";
import { coldRuns, runs, thousandRuns } from "./runs.ts";
import { terminal } from "./terminal.ts";
import { workbench } from "./workbench.ts";

/** In the order they run. Another part of Ghost adds its figures by adding a file here. */
export const benchCases: readonly Case[] = [
  create,
  exec,
  files,
  idle,
  hundred,
  cycles,
  relay,
  terminal,
  desktop,
  runs,
  coldRuns,
  thousandRuns,
  code,
  workbench,
  dashboard,
];
