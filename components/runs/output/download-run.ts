import { api } from "../../lib/api.ts";
import { fromBase64 } from "../../lib/base64.ts";
import { download } from "../../lib/download.ts";
import type { Stream } from "../session/replay.ts";

/** All that a run has written, byte for byte, to the person's disk: also what is no longer shown. */
export async function downloadRun(id: string, stream: Stream | "all"): Promise<void> {
  const { events = [] } = await api.runs.get({ params: { id }, query: { events: true } });
  const parts = events
    .filter((event) => stream === "all" || event.stream === stream)
    .map(({ data, encoding }) => (encoding === "base64" ? fromBase64(data) : data));
  const url = URL.createObjectURL(new Blob(parts, { type: "application/octet-stream" }));
  download(url, `${id}${stream === "all" ? "" : `-${stream}`}.txt`);
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
