import { request } from "../lib/request.ts";
import type { OpenTerminal, Terminal } from "#contract/inside.ts";

/** One cave's terminals, as its page and the dashboard reach them. */
export interface TerminalApi {
  list(signal?: AbortSignal): Promise<Terminal[]>;
  open(size: Pick<OpenTerminal, "cols" | "rows">): Promise<Terminal>;
  close(id: string): Promise<void>;
  transcriptUrl(id: string, format: "text" | "raw"): string;
  socketUrl(id: string, since: number | undefined): string;
}

/** Over the API at `origin`, with whatever cookie the browser has for it. */
export function terminalApi(origin: string, cave: string): TerminalApi {
  const path = `/v1/caves/${encodeURIComponent(cave)}/terminals`;
  const one = (id: string) => `${origin}${path}/${encodeURIComponent(id)}`;
  return {
    async list(signal) {
      return ((await request("GET", origin + path, { signal })) as { terminals: Terminal[] }).terminals;
    },
    async open(size) {
      return (await request("POST", origin + path, { json: size })) as Terminal;
    },
    async close(id) {
      await request("DELETE", one(id));
    },
    transcriptUrl: (id, format) => `${one(id)}/transcript?format=${format}`,
    socketUrl: (id, since) =>
      `${one(id).replace(/^http/, "ws")}/ws${since === undefined ? "" : `?since=${since}`}`,
  };
}
