import { api, GhostError } from "../../lib/api.ts";
import { createStore } from "../../lib/store.ts";
import { readError } from "#contract/ghost-error.ts";

export interface Upload {
  readonly key: number;
  readonly cave: string;
  readonly path: string;
  readonly size: number;
  readonly sent: number;
  readonly state: "waiting" | "sending" | "done" | "failed" | "cancelled";
  readonly error?: unknown;
}

export const uploads = createStore<readonly Upload[]>([]);

const atOnce = 3;
const files = new Map<number, File>();
const requests = new Map<number, XMLHttpRequest>();
let made = 0;

const change = (key: number, part: Partial<Upload>) =>
  uploads.set((all) => all.map((one) => (one.key === key ? { ...one, ...part } : one)));

/** Sends files one after the other, a few at once; folders on the way are made. */
export function upload(cave: string, given: readonly { path: string; file: File }[]): void {
  const added = given.map(({ path, file }): Upload => {
    const key = ++made;
    files.set(key, file);
    return { key, cave, path, size: file.size, sent: 0, state: "waiting" };
  });
  uploads.set((all) => [...all, ...added]);
  next();
}

export function cancelUpload(key: number): void {
  files.delete(key);
  change(key, { state: "cancelled" });
  requests.get(key)?.abort();
  next();
}

export function cancelAll(cave: string): void {
  for (const { key, state, cave: own } of uploads.get())
    if (own === cave && (state === "waiting" || state === "sending")) cancelUpload(key);
}

export function retryUpload(key: number): void {
  if (!files.has(key)) return;
  change(key, { state: "waiting", sent: 0, error: undefined });
  next();
}

export function forgetUploads(cave: string): void {
  uploads.set((all) => {
    const rest = all.filter(
      ({ cave: own, state }) => own !== cave || state === "waiting" || state === "sending",
    );
    for (const { key } of all) if (!rest.some((one) => one.key === key)) files.delete(key);
    return rest;
  });
}

function next(): void {
  const all = uploads.get();
  let free = atOnce - all.filter(({ state }) => state === "sending").length;
  for (const one of all) {
    if (free <= 0) return;
    if (one.state !== "waiting") continue;
    free--;
    send(one);
  }
}

/** Not `fetch`: that tells nothing of how far the sending is. */
function send({ key, cave, path }: Upload): void {
  const file = files.get(key);
  if (file === undefined) return;
  change(key, { state: "sending" });
  const request = new XMLHttpRequest();
  requests.set(key, request);
  request.open("PUT", api.files.write.url({ params: { cave }, query: { path, mkdirs: true }, body: "" }));
  request.setRequestHeader("content-type", "application/octet-stream");
  request.setRequestHeader("accept", "application/json");
  let shown = 0;
  request.upload.onprogress = ({ loaded }) => {
    // Once a frame or so is what anybody sees.
    if (performance.now() - shown < 100) return;
    shown = performance.now();
    change(key, { sent: loaded });
  };
  request.onloadend = () => {
    requests.delete(key);
    const cancelled = uploads.get().find((one) => one.key === key)?.state === "cancelled";
    if (!cancelled && request.status >= 200 && request.status < 300) {
      files.delete(key);
      change(key, { state: "done", sent: file.size });
    } else if (!cancelled) change(key, { state: "failed", error: problemOf(request) });
    next();
  };
  request.send(file);
}

function problemOf({ status, responseText }: XMLHttpRequest): unknown {
  if (status === 0)
    return new GhostError("unreachable", "The connection broke off.", { hint: "Try again when it is back." });
  try {
    return readError((JSON.parse(responseText) as { error?: unknown }).error, status);
  } catch {
    return readError(undefined, status);
  }
}
