import { api, isCode } from "../../lib/api.ts";
import type { FileChange } from "#contract/inside.ts";

type Listener = (changes: readonly FileChange[] | "missed") => void;

/** Browsers have few connections for one gateway: all panels of a cave share this one. */
const followed = new Map<string, { listeners: Set<Listener>; stop: AbortController }>();
const batchMs = 150;
const againMs = 3000;

/** Tells of every change below the workspace; `missed` when some may have gone by, at the beginning too. */
export function followFiles(cave: string, listener: Listener): () => void {
  const one = followed.get(cave) ?? { listeners: new Set<Listener>(), stop: new AbortController() };
  if (!followed.has(cave)) {
    followed.set(cave, one);
    void follow(cave, one.listeners, one.stop.signal);
  }
  one.listeners.add(listener);
  return () => {
    one.listeners.delete(listener);
    if (one.listeners.size > 0) return;
    one.stop.abort();
    followed.delete(cave);
  };
}

async function follow(cave: string, listeners: ReadonlySet<Listener>, signal: AbortSignal): Promise<void> {
  const stopped = () => signal.aborted;
  const tell = (news: Parameters<Listener>[0]) => listeners.forEach((listener) => listener(news));
  while (!stopped()) {
    let waiting: FileChange[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      const events = api.files.watch.events({ params: { cave }, query: { path: "/workspace" } }, { signal });
      for await (const { data } of events) {
        waiting.push(data);
        timer ??= setTimeout(() => {
          timer = undefined;
          const changes = waiting;
          waiting = [];
          tell(changes);
        }, batchMs);
      }
    } catch (error) {
      if (stopped() || isCode(error, "surface_unavailable") || isCode(error, "forbidden")) return;
    } finally {
      clearTimeout(timer);
    }
    await new Promise((resolve) => setTimeout(resolve, againMs));
    if (!stopped()) tell("missed");
  }
}
