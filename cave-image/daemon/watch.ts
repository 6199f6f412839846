import { lastActivity } from "./lib/activity.ts";
import { lineWriter, type Handler } from "./lib/exchange.ts";
import { PortWatcher } from "./ports.ts";
import { onServiceChange, serviceStates } from "./services/services.ts";
import type { ServiceState } from "#contract/cave.ts";

const tickMs = 1000;

/** What changes in the cave, as it changes. Only while somebody asks does anything look. */
export const watch: Handler = ({ res }) => {
  const write = lineWriter(res);
  const ports = new PortWatcher();
  let activity: unknown;

  const look = () => {
    const changed = ports.changed();
    if (changed) write({ kind: "ports", ports: changed });
    if (activity !== lastActivity()) {
      activity = lastActivity();
      write({ kind: "activity", activity });
    }
  };
  const gone = new AbortController();
  let followed = false;
  const windows = async () => {
    followed = true;
    const { followWindows } = await import("./desktop/follow-windows.ts");
    await followWindows((opened) => write({ kind: "windows", opened }), gone.signal);
    followed = false;
  };
  const services = (states: Record<string, ServiceState>) => {
    write({ kind: "services", services: states });
    if (states["desktop"]?.state === "ready" && !followed) void windows();
  };

  services(serviceStates());
  look();
  const timer = setInterval(look, tickMs);
  const stop = onServiceChange(services);
  res.once("close", () => {
    clearInterval(timer);
    stop();
    gone.abort();
  });
};
