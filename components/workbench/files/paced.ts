/**
 * Runs what is asked for by key, one at a time for each: asked for while it runs or just has, it runs once more afterwards. A folder in which something
 * writes all the time is read every now and then, rather than begun again and never done.
 */
export function paced(
  run: (key: string, signal: AbortSignal) => Promise<void>,
  restMs: number,
): { ask: (key: string) => void; stop: () => void } {
  const busy = new Map<string, { again: boolean }>();
  const stop = new AbortController();
  const timers = new Set<ReturnType<typeof setTimeout>>();

  function begin(key: string): void {
    const one = { again: false };
    busy.set(key, one);
    void run(key, stop.signal)
      .catch(() => undefined)
      .then(() => {
        if (stop.signal.aborted) return;
        const timer = setTimeout(() => {
          timers.delete(timer);
          busy.delete(key);
          if (one.again) begin(key);
        }, restMs);
        timers.add(timer);
      });
  }

  return {
    ask(key) {
      if (stop.signal.aborted) return;
      const one = busy.get(key);
      if (one) one.again = true;
      else begin(key);
    },
    stop() {
      stop.abort();
      for (const timer of timers) clearTimeout(timer);
      busy.clear();
    },
  };
}
