import { api } from "../lib/api.ts";
import { toastError } from "../ui/toast.tsx";
import type { Cave } from "#contract/cave.ts";

/**
 * Opens what listens on a port in a tab of its own. The tab is made at once, while the browser still knows that a person asked for it, and is
 * sent on when the gateway has said where: the address lets one browser in, once.
 */
export function openPort(cave: Pick<Cave, "id" | "name">, port: number): void {
  const tab = open("about:blank", "_blank");
  api.surfaces.open({ params: { cave: cave.id }, body: { surface: { port } } }).then(
    ({ url }) => {
      if (tab === null) location.assign(url);
      else {
        tab.opener = null;
        tab.location.replace(url);
      }
    },
    (error: unknown) => {
      tab?.close();
      toastError(error, `Port ${port} of ${cave.name} was not opened`);
    },
  );
}
