import { api } from "../lib/api.ts";
import { connection } from "../live/stream.ts";
import { probeAppFrame } from "./app-frame-probe.ts";

/** What one check of the self-test found. */
export interface Finding {
  readonly name: string;
  /** Undefined where it could not be tried. */
  readonly ok: boolean | undefined;
  readonly detail: string;
}

type Check = (signal: AbortSignal) => Promise<Omit<Finding, "name">> | Omit<Finding, "name">;

const patienceMs = 10_000;
const good = (detail: string) => ({ ok: true, detail });
const bad = (detail: string) => ({ ok: false, detail });

/** Everything between this browser and the gateway that pages and caves need; each says what to do when it is missing. */
export const checks: readonly { name: string; run: Check }[] = [
  {
    name: "Secure context",
    run: () =>
      isSecureContext
        ? good("Clipboard, notifications and workers are allowed here.")
        : bad("This page came over plain HTTP from another machine. Use https, or localhost."),
  },
  {
    name: "Address",
    run: async (signal) => {
      const { status } = await fetch("/health", { signal });
      return status === 421
        ? bad("The gateway answers for another host. Set GHOST_URL to the address people use.")
        : good(`The gateway answers for ${location.host}.`);
    },
  },
  {
    name: "Round trip",
    run: async (signal) => {
      const times: number[] = [];
      for (let count = 0; count < 5; count++) {
        const started = performance.now();
        await api.system.version({}, { signal });
        times.push(performance.now() - started);
      }
      const best = Math.min(...times);
      return best < 150
        ? good(`${best.toFixed(best < 10 ? 1 : 0)} ms at best.`)
        : bad(`${best.toFixed(0)} ms at best: typing in terminals will lag. Move the gateway nearer.`);
    },
  },
  {
    name: "Live state",
    run: () =>
      connection.get().state === "open"
        ? good("Events arrive as they happen.")
        : bad("The stream of events is not open. A proxy between may buffer it: switch buffering off."),
  },
  { name: "WebSocket", run: webSocket },
  { name: "App hosts", run: appHosts },
  { name: "Cookies in frames", run: frameCookies },
  { name: "Clipboard", run: clipboard },
  {
    name: "Graphics",
    run: () =>
      document.createElement("canvas").getContext("webgl2") === null
        ? bad("There is no WebGL: terminals draw slower. Switch hardware acceleration on.")
        : good("WebGL is there: terminals draw fast."),
  },
  {
    name: "Storage",
    run: () => {
      try {
        localStorage.setItem("ghost.test", "1");
        localStorage.removeItem("ghost.test");
        return good("Layouts and the theme are kept.");
      } catch {
        return bad("The browser keeps nothing for this page: layouts and the theme are forgotten.");
      }
    },
  },
];

async function appHosts(signal: AbortSignal): Promise<Omit<Finding, "name">> {
  const { origin, cookie } = await probeAppFrame(signal);
  if (cookie !== undefined) return good(`Apps can be shown from ${origin.replace("1--self-test", "*")}.`);
  const { protocol, hostname } = new URL(origin);
  const domain = hostname.slice(hostname.indexOf(".") + 1);
  if (domain === "localhost")
    return bad(
      `${origin} does not answer. Some browsers know no names under localhost: use another, or set GHOST_APPS_DOMAIN to a domain whose names lead here.`,
    );
  return bad(
    `${origin} does not answer. Point the DNS entry *.${domain} at the gateway or its proxy, have the proxy pass these hosts on` +
      (protocol === "https:" ? `, and use a certificate that names *.${domain}.` : "."),
  );
}

async function frameCookies(signal: AbortSignal): Promise<Omit<Finding, "name">> {
  const { origin, cookie } = await probeAppFrame(signal);
  if (cookie === undefined) return { ok: undefined, detail: "Not tried: no app host answered." };
  return cookie
    ? good("Apps in frames can keep you signed in.")
    : bad(
        `The browser keeps no cookie of ${new URL(origin).host} in a frame: apps there will say that access has ended. ` +
          (isSecureContext
            ? "Allow third-party cookies for this site, or open apps in tabs of their own."
            : "Use https: cookies in frames need it."),
      );
}

async function clipboard(): Promise<Omit<Finding, "name">> {
  if (!("clipboard" in navigator))
    return bad("The browser gives no clipboard here. Use https, or localhost.");
  // Not every browser can be asked.
  const reading = await navigator.permissions
    .query({ name: "clipboard-read" as PermissionName })
    .catch(() => undefined);
  return reading?.state === "denied"
    ? bad("Copying works, pasting by menu is refused. Allow the clipboard in this site's settings.")
    : good(`Copying works; pasting ${reading?.state === "granted" ? "too" : "may ask once"}.`);
}

/** Opens a terminal for it, and closes it again: nothing short of a real socket tells whether sockets get through. */
async function webSocket(signal: AbortSignal): Promise<Omit<Finding, "name">> {
  const { caves } = await api.caves.list({ query: { state: "running", limit: 1 } }, { signal });
  const cave = caves[0]?.id;
  if (cave === undefined) return { ok: undefined, detail: "Not tried: start a cave, and run this again." };
  const { id } = await api.terminals.open(
    { params: { cave }, body: { command: "sleep 10", name: "Self-test" } },
    { signal },
  );
  const params = { cave, id };
  try {
    const opened = await opens(api.terminals.connect.url({ params }), signal);
    return opened
      ? good("Upgrades reach the gateway, and terminals open.")
      : bad("Something between this browser and the gateway does not pass WebSockets on.");
  } finally {
    await api.terminals.close({ params }, { signal: AbortSignal.timeout(patienceMs) });
  }
}

function opens(address: string, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = new WebSocket(address);
    const done = (value: boolean) => {
      socket.close();
      resolve(value);
    };
    socket.onopen = () => done(true);
    socket.onclose = () => done(false);
    signal.addEventListener("abort", () => done(false), { once: true });
  });
}

export async function runCheck(
  { name, run }: (typeof checks)[number],
  signal: AbortSignal,
): Promise<Finding> {
  try {
    return { name, ...(await run(AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]))) };
  } catch (error) {
    return { name, ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}
