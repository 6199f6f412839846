import type { CreateCaveInput, Limits } from "#contract/cave.ts";

/** What the form holds. Texts as they are typed; `toInput` makes the request of it. */
export interface Draft {
  name: string;
  image: string;
  limits: Limits;
  network: "open" | "none" | "allow";
  allow: string;
  backend: string;
  services: { desktop: boolean; code: boolean; jupyter: boolean };
  idleMs: number;
  ttlMs: number;
  env: readonly { name: string; value: string }[];
  secrets: readonly string[];
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export const sizes = [
  { name: "Small", limits: { cpus: 1, memoryMb: 1024, pids: 256, diskMb: 5120 } },
  { name: "Medium", limits: { cpus: 2, memoryMb: 2048, pids: 512, diskMb: 10_240 } },
  { name: "Large", limits: { cpus: 4, memoryMb: 8192, pids: 2048, diskMb: 40_960 } },
] as const satisfies readonly { name: string; limits: Limits }[];

export const idleChoices = [
  { value: "0", label: "Never" },
  { value: String(15 * minute), label: "15 minutes without activity" },
  { value: String(hour), label: "1 hour without activity" },
  { value: String(4 * hour), label: "4 hours without activity" },
  { value: String(day), label: "1 day without activity" },
] as const;

export const ttlChoices = [
  { value: "0", label: "Never" },
  { value: String(hour), label: "1 hour from now" },
  { value: String(day), label: "1 day from now" },
  { value: String(7 * day), label: "1 week from now" },
  { value: String(30 * day), label: "30 days from now" },
] as const;

export const emptyDraft: Draft = {
  name: "",
  image: "ghost/cave",
  limits: sizes[1].limits,
  network: "open",
  allow: "",
  backend: "docker",
  services: { desktop: false, code: false, jupyter: false },
  idleMs: 0,
  ttlMs: 0,
  env: [],
  secrets: [],
};

/** What a link may fill in; the form always asks before anything is made. */
export function draftFrom(params: URLSearchParams): { draft: Draft; filled: readonly string[] } {
  const filled: string[] = [];
  const text = (name: string, fallback: string) => {
    const value = params.get(name);
    if (value === null) return fallback;
    filled.push(name);
    return value.slice(0, 500);
  };
  const number = (name: string, fallback: number, min: number, max: number) => {
    const value = Number(params.get(name) ?? Number.NaN);
    if (!Number.isFinite(value)) return fallback;
    filled.push(name);
    return Math.min(max, Math.max(min, value));
  };
  const flag = (name: string) => text(name, "") === "true";
  const { limits } = emptyDraft;
  const network = text("network", "open");
  const env = [...params].flatMap(([key, value]) => {
    if (!key.startsWith("env.")) return [];
    filled.push(key);
    return [{ name: key.slice(4), value }];
  });
  const draft: Draft = {
    ...emptyDraft,
    name: text("name", ""),
    image: text("image", emptyDraft.image),
    limits: {
      cpus: number("cpus", limits.cpus, 0.1, 256),
      memoryMb: Math.round(number("memoryMb", limits.memoryMb, 64, 1_048_576)),
      diskMb: Math.round(number("diskMb", limits.diskMb, 64, 16_777_216)),
      pids: Math.round(number("pids", limits.pids, 16, 32_768)),
    },
    network: network === "none" || network === "allow" ? network : "open",
    allow: text("allow", "").split(",").join("\n"),
    backend: text("backend", emptyDraft.backend),
    services: { desktop: flag("desktop"), code: flag("code"), jupyter: flag("jupyter") },
    idleMs: number("idleTimeoutMs", 0, 1000, 365 * day),
    ttlMs: number("ttlMs", 0, 1000, 365 * day),
    env,
    secrets: text("secrets", "").split(",").filter(Boolean),
  };
  return { draft, filled };
}

export function toInput(draft: Draft): CreateCaveInput {
  const env = draft.env.filter(({ name }) => name !== "");
  const { desktop, code, jupyter } = draft.services;
  return {
    ...(draft.name !== "" && { name: draft.name }),
    image: draft.image,
    backend: draft.backend,
    limits: draft.limits,
    network:
      draft.network === "allow"
        ? { mode: "allow", allow: draft.allow.split(/[\s,]+/).filter(Boolean) }
        : { mode: draft.network },
    env: Object.fromEntries(env.map(({ name, value }) => [name, value])),
    secrets: [...draft.secrets],
    services: { ...(desktop && { desktop }), ...(code && { code }), ...(jupyter && { jupyter }) },
    ...(draft.idleMs > 0 && { idleTimeoutMs: draft.idleMs }),
    ...(draft.ttlMs > 0 && { ttlMs: draft.ttlMs }),
  };
}

export type Problems = Partial<Record<"name" | "image" | "env" | "allow" | "limits" | "other", string>>;

/** Beside which field a refusal is shown, by the path it names. */
export const fieldOf = (path: string): keyof Problems =>
  (["name", "image", "env", "limits"] as const).find((one) => path.startsWith(one)) ??
  (path.startsWith("network") ? "allow" : "other");
