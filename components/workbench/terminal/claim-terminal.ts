import { api } from "../../lib/api.ts";
import type { PanelPlace, Workbench } from "../workbench-context.ts";
import type { Terminal } from "#contract/inside.ts";

/** Panels that look for a terminal do so one after the other: two must not take the same one. */
let queue: Promise<unknown> = Promise.resolve();
const mostMs = 30_000;
const claimed = new Map<string, string>();

/** The terminal a panel had; or, for the first panel of a page, one that runs and that nobody shows here; or a new one. */
export function claimTerminal(
  { cave, terminals }: Workbench,
  { id, params }: PanelPlace,
  signal: AbortSignal,
): Promise<Terminal> {
  const claim = async (): Promise<Terminal> => {
    signal.throwIfAborted();
    // One request that hangs must not keep all panels waiting.
    const limited = AbortSignal.any([signal, AbortSignal.timeout(mostMs)]);
    const at = { params: { cave: cave.id } };
    const present = (await api.terminals.list(at, { signal: limited })).terminals;
    const own = present.find((terminal) => terminal.id === params.terminalId);
    if (own) return own;
    const shown = new Set([...terminals(), ...claimed.values()]);
    const free =
      params.terminalId === undefined && shown.size === 0
        ? present.find(({ running }) => running)
        : undefined;
    return free ?? (await api.terminals.open({ ...at, body: { cols: 80, rows: 24 } }, { signal: limited }));
  };
  const result = queue.then(claim, claim).then((terminal) => {
    if (signal.aborted) return terminal;
    claimed.set(id, terminal.id);
    signal.addEventListener("abort", () => claimed.delete(id), { once: true });
    return terminal;
  });
  queue = result.catch(() => undefined);
  return result;
}
