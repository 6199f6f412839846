import { vi } from "vitest";

const patienceMs = 15_000;

/**
 * Whatever is waited for may take this long, as `expect.poll` may by configuration: the runner's own
 * limit of one second tells a busy machine from an idle one, not right from wrong. Only a test that
 * fails waits to the end.
 */
const { waitFor } = vi;
vi.waitFor = (callback, options) => {
  const given = typeof options === "number" ? { timeout: options } : options;
  return waitFor(callback, { ...given, timeout: Math.max(given?.timeout ?? 0, patienceMs) });
};
