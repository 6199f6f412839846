import { doing } from "./create-progress.ts";
import { clean, type Style } from "./style.ts";
import { pairs } from "./table.ts";
import { showAgo, showIn, showMegabytes, showSpan } from "./units.ts";
import type { Cave, CaveState, Starting } from "#contract/cave.ts";

export function stateColour(style: Style, state: CaveState): (text: string) => string {
  switch (state) {
    case "running":
      return style.green;
    case "failed":
      return style.red;
    case "creating":
    case "removing":
    case "paused":
      return style.yellow;
    case "stopped":
      return style.dim;
  }
}

function startingText({ stage, since, line }: Starting, now: number): string {
  const text = `${doing[stage]}, ${showSpan(now - Date.parse(since))}`;
  return line === undefined ? text : `${text}: ${clean(line)}`;
}

const lacking = "terminal, code, desktop, jupyter: its image is not built on ghost/cave:base";

/** Everything about one cave, for a person. */
export function showCave(cave: Cave, style: Style, now: number): string[] {
  const { limits, network } = cave;
  const reason = cave.stateReason === undefined ? "" : `: ${clean(cave.stateReason)}`;
  const limit = `${limits.cpus} CPUs, ${showMegabytes(limits.memoryMb)} memory, ${showMegabytes(limits.diskMb)} disk, ${limits.pids} processes`;
  const ports = cave.ports.map(({ port, process }) =>
    process === undefined ? `${port}` : `${port} (${clean(process)})`,
  );
  const services = Object.entries(cave.services).map(([name, { state, reason: why }]) =>
    clean(why === undefined ? `${name} ${state}` : `${name} ${state} (${why})`),
  );
  const rows: [string, string | undefined][] = [
    ["name", style.bold(clean(cave.name))],
    ["id", cave.id],
    ["state", `${stateColour(style, cave.state)(cave.state)}${reason}`],
    ["starting", cave.starting && startingText(cave.starting, now)],
    ["owner", clean(cave.owner)],
    ["image", clean(cave.image)],
    ["backend", clean(cave.backend)],
    ["limits", limit],
    ["network", network.mode + (network.allow ? `: ${clean(network.allow.join(", "))}` : "")],
    ["env", Object.keys(cave.env).map(clean).join(", ") || undefined],
    ["secrets", cave.secrets.map(clean).join(", ") || undefined],
    ["services", services.join(", ") || undefined],
    ["lacks", cave.lacks.includes("daemon") ? lacking : undefined],
    ["ports", ports.join(", ") || undefined],
    ["created", `${cave.createdAt} (${showAgo(cave.createdAt, now)})`],
    ["active", `${showAgo(cave.lastActivity.at, now)} (${clean(cave.lastActivity.what)})`],
    ["stops", cave.stopsAt && `${showIn(cave.stopsAt, now)} unless something happens in it`],
    ["removed", cave.expiresAt && `${showIn(cave.expiresAt, now)} (${cave.expiresAt})`],
  ];
  const shown = rows.flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, value]],
  );
  return pairs(shown, style.dim);
}
