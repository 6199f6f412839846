import { api } from "../lib/api.ts";

export interface Probe {
  /** Where the frame was, with a name in place of the `*`. */
  readonly origin: string;
  /** Undefined when nothing of ours answered there. */
  readonly cookie: boolean | undefined;
}

const patienceMs = 6000;

/** Shows the gateway's own page of an app's host in a frame, as panels show apps: nothing short of it tells whether they can. */
export async function probeAppFrame(signal: AbortSignal): Promise<Probe> {
  const { apps } = await api.system.version({}, { signal });
  const origin = apps.replace("*", "1--self-test");
  const frame = document.createElement("iframe");
  frame.hidden = true;
  frame.title = "Self-test";
  frame.src = `${origin}/.ghost/check`;
  const done = new AbortController();
  try {
    const cookie = await new Promise<boolean | undefined>((resolve) => {
      const listen = ({ origin: from, source, data }: MessageEvent<unknown>) => {
        if (from === origin && source === frame.contentWindow && isAnswer(data)) resolve(data.cookie);
      };
      addEventListener("message", listen, { signal: done.signal });
      const ends = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
      ends.addEventListener("abort", () => resolve(undefined), { signal: done.signal });
      document.body.append(frame);
    });
    return { origin, cookie };
  } finally {
    done.abort();
    frame.remove();
  }
}

const isAnswer = (data: unknown): data is { cookie: boolean } =>
  typeof data === "object" &&
  data !== null &&
  "type" in data &&
  data.type === "ghost:check" &&
  "cookie" in data &&
  typeof data.cookie === "boolean";
