import type { Backend } from "../backends/backend.ts";
import { AppError } from "../lib/app-error.ts";

export interface Runtimes {
  readonly names: readonly string[];
  /** What the engine takes when told nothing. */
  readonly default: string;
}

const knownForMs = 60_000;
/** What people call them, and what engines do. */
const aliases: Record<string, readonly string[]> = {
  gvisor: ["runsc"],
  kata: ["kata", "kata-runtime", "io.containerd.kata.v2"],
};
const known = new WeakMap<Backend, { at: number; runtimes: Promise<Runtimes> }>();

/** What the engine can run containers with; asked once in a while. */
export async function runtimesOf(backend: Backend, signal: AbortSignal): Promise<Runtimes> {
  const last = known.get(backend);
  if (last && performance.now() - last.at < knownForMs) return last.runtimes;
  const runtimes = ask(backend, signal);
  known.set(backend, { at: performance.now(), runtimes });
  runtimes.catch(() => known.delete(backend));
  return runtimes;
}

async function ask(backend: Backend, signal: AbortSignal): Promise<Runtimes> {
  const patience = AbortSignal.timeout(10_000);
  const info = await backend.info(patience);
  signal.throwIfAborted();
  if (!info.reachable)
    throw new AppError("backend_unavailable", info.reason ?? "The engine does not answer.");
  const standard = info.facts["defaultRuntime"];
  return { names: info.runtimes, default: typeof standard === "string" ? standard : "runc" };
}

/** The engine's own name of a runtime; undefined for its default, whose slots are everybody's. */
export async function chooseRuntime(
  backend: Backend,
  wanted: string | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (wanted === undefined) return undefined;
  const { names, default: standard } = await runtimesOf(backend, signal);
  const name = (aliases[wanted] ?? [wanted]).find((one) => names.includes(one));
  if (name === undefined) {
    throw new AppError("unsupported", `The engine has no runtime ${wanted}: it has ${names.join(", ")}.`, {
      details: { runtimes: names },
    });
  }
  return name === standard ? undefined : name;
}

/** What a runtime's isolation is worth, in a few words. */
export function isolationOf(name: string): string {
  if (name === "runsc") return "a kernel of its own in user space (gVisor)";
  if (name.includes("kata")) return "a virtual machine (Kata Containers)";
  return "the host's kernel, with namespaces and filters";
}
