import { api, GhostError } from "../../lib/api.ts";
import { createStore } from "../../lib/store.ts";
import { readError } from "#contract/ghost-error.ts";

export interface Upload {
  readonly key: number;
  readonly cave: string;
  readonly path: string;
  readonly size: number;
  readonly sent: number;
  /** `there`: something of that name is, and it has not been said that it is to be replaced. */
  readonly state: "waiting" | "sending" | "done" | "failed" | "there";
  readonly replace: boolean;
  readonly error?: unknown;
}

export const uploads = createStore<readonly Upload[]>([]);

const atOnce = 3;
const largeBytes = 4 * 1_048_576;
const files = new Map<number, File>();
const requests = new Map<number, XMLHttpRequest>();
let made = 0;

const isOpen = ({ state }: Upload) => state === "waiting" || state === "sending";

const change = (key: number, part: Partial<Upload>) =>
  uploads.set((all) => all.map((one) => (one.key === key ? { ...one, ...part } : one)));

/** What is on its way is lost with the page. */
const ask = (event: BeforeUnloadEvent) => event.preventDefault();
uploads.subscribe(() => {
  if (uploads.get().some(isOpen)) addEventListener("beforeunload", ask);
  else removeEventListener("beforeunload", ask);
});

/** Sends files one after the other, a few at once; folders on the way are made. */
export function upload(cave: string, given: readonly { path: string; file: File }[]): void {
  const added = given.map(({ path, file }): Upload => {
    const key = ++made;
    files.set(key, file);
    return { key, cave, path, size: file.size, sent: 0, state: "waiting", replace: false };
  });
  uploads.set((all) => [...all, ...added]);
  next();
}

export function cancelUpload(key: number): void {
  files.delete(key);
  uploads.set((all) => all.filter((one) => one.key !== key));
  requests.get(key)?.abort();
  next();
}

export function cancelAll(cave: string): void {
  const open = uploads.get().filter((one) => one.cave === cave && isOpen(one));
  const keys = new Set(open.map(({ key }) => key));
  // All of them first, so that none of those that wait is begun in the place of one that ends.
  uploads.set((all) => all.filter(({ key }) => !keys.has(key)));
  for (const key of keys) {
    files.delete(key);
    requests.get(key)?.abort();
  }
  next();
}

/** Once more; of what is there already it is said with this that it is to be replaced. */
export function retryUpload(key: number): void {
  const one = uploads.get().find((each) => each.key === key);
  if (one === undefined || !files.has(key)) return;
  change(key, {
    ...{ state: "waiting", sent: 0, error: undefined },
    replace: one.replace || one.state === "there",
  });
  next();
}

export function forgetUploads(cave: string): void {
  uploads.set((all) => {
    const rest = all.filter((one) => one.cave !== cave || isOpen(one));
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
    void send(one);
  }
}

async function send(upload: Upload): Promise<void> {
  const { key, cave, path, size, replace } = upload;
  change(key, { state: "sending" });
  // Browsers do not hear a refusal before they have sent everything.
  const there = size > largeBytes && !replace && (await isThere(cave, path));
  if (there && files.has(key)) {
    change(key, { state: "there" });
    next();
  } else put(upload);
}

async function isThere(cave: string, path: string): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(10_000);
    const { body } = await api.files.read.stream({ params: { cave }, query: { path } }, { signal });
    await body?.cancel();
    return true;
  } catch {
    return false; // or whatever is wrong is told when it is sent
  }
}

/** Not `fetch`: that tells nothing of how far the sending is. */
function put({ key, cave, path, replace }: Upload): void {
  const file = files.get(key);
  if (file === undefined) return;
  const request = new XMLHttpRequest();
  requests.set(key, request);
  request.open("PUT", api.files.write.url({ params: { cave }, query: { path, mkdirs: true }, body: "" }));
  request.setRequestHeader("content-type", "application/octet-stream");
  request.setRequestHeader("accept", "application/json");
  if (!replace) request.setRequestHeader("if-none-match", "*");
  let shown = 0;
  request.upload.onprogress = ({ loaded }) => {
    // Once a frame or so is what anybody sees.
    if (performance.now() - shown < 100) return;
    shown = performance.now();
    change(key, { sent: loaded });
  };
  request.onloadend = () => {
    requests.delete(key);
    if (request.status >= 200 && request.status < 300) {
      files.delete(key);
      change(key, { state: "done", sent: file.size });
    } else {
      const error = problemOf(request);
      const there = !replace && error.code === "file_changed";
      change(key, there ? { state: "there" } : { state: "failed", error });
    }
    next();
  };
  request.send(file);
}

function problemOf({ status, responseText }: XMLHttpRequest): GhostError {
  if (status === 0)
    return new GhostError("unreachable", "The connection broke off.", { hint: "Try again when it is back." });
  try {
    return readError((JSON.parse(responseText) as { error?: unknown }).error, status);
  } catch {
    return readError(undefined, status);
  }
}
