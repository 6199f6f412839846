import { PassThrough, Readable } from "node:stream";
import type { Guest, GuestEvent } from "../../guest/guest.ts";
import type { Guests, RunningCave } from "../../guest/guests.ts";
import { AppError } from "../../lib/app-error.ts";
import type { ServiceState } from "#contract/cave.ts";

/** What happens inside caves, without an inside: tests say what is so, and see what was asked for. */
export class FakeGuests implements Guests {
  /** Caves whose daemon never answers. */
  readonly mute = new Set<string>();
  /** Secrets as they were handed over, by cave. */
  readonly secrets = new Map<string, Record<string, string>>();
  /** The gateway's variables as they were handed over, by cave. */
  readonly environments = new Map<string, Record<string, string>>();
  readonly started: string[] = [];
  readonly dropped: string[] = [];
  /** Bytes of disk, by cave. */
  readonly disk = new Map<string, number>();
  /** Services that do not exist. */
  readonly missing = new Set<string>();
  readonly watches = new Map<string, PassThrough>();
  /** Called when a cave is asked whether it is ready. */
  onReady: (id: string) => Promise<unknown> = () => Promise.resolve();

  tell(id: string, event: GuestEvent): void {
    this.watches.get(id)?.write(event);
  }

  for({ id, daemon }: RunningCave): Guest {
    const absent = () => Promise.reject(new AppError("surface_unavailable", "Not in a test."));
    return {
      ready: async (signal) => {
        await this.onReady(id);
        if (this.mute.has(id)) await forever(signal);
      },
      setEnvironment: (values) => {
        this.environments.set(id, values);
        return Promise.resolve();
      },
      setSecrets: (values) => {
        this.secrets.set(id, values);
        return Promise.resolve();
      },
      startService: (name): Promise<ServiceState> => {
        if (this.missing.has(name)) return absent();
        this.started.push(name);
        return Promise.resolve({ state: "starting", since: new Date(0).toISOString() });
      },
      watch: (signal) => {
        if (daemon === undefined || signal.aborted) return absent();
        const watch = new PassThrough({ objectMode: true });
        this.watches.set(id, watch);
        signal.addEventListener("abort", () => watch.end(), { once: true });
        return Promise.resolve(watch as AsyncIterable<GuestEvent>);
      },
      diskUsage: () => Promise.resolve(this.disk.get(id) ?? 0),
      serviceLogs: (name) => Promise.resolve(Readable.from([`log of ${name}`])),
      exec: absent,
      processes: absent,
      startProcess: absent,
      process: absent,
      processOutput: absent,
      signalProcess: absent,
      writeProcess: absent,
      terminals: absent,
      openTerminal: absent,
      closeTerminal: absent,
      terminalTranscript: absent,
      connectTerminal: absent,
      stat: absent,
      readFile: absent,
      listFolder: absent,
      writeFile: absent,
      removeFile: absent,
      moveFile: absent,
      makeFolder: absent,
      searchFiles: absent,
      replaceInFiles: absent,
      watchFiles: absent,
      readArchive: absent,
      writeArchive: absent,
      ports: absent,
      services: absent,
      stopService: absent,
      connectService: absent,
      desktopThumbnail: absent,
      desktopWindows: absent,
      metrics: absent,
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }

  drop(id: string): void {
    this.dropped.push(id);
  }

  tokenHash(id: string): string {
    return `hash of ${id}`;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}

function forever(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
}
