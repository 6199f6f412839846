"use client";
import { useCallback, useEffect, useState } from "react";
import { api, GhostError } from "../../lib/api.ts";
import { connection } from "../../live/stream.ts";
import type { OpenSurface } from "#contract/surfaces.ts";

export interface AppFrameState {
  /** For the frame's `src`: good once, so a frame that is made again asks again. */
  readonly url: string | undefined;
  readonly error: unknown;
  /** Changes with every address, so that the frame is a new one. */
  readonly key: number;
  readonly reopen: () => void;
}

/** A frame that loses its access again and again is not helped by one more try. */
const mostInARow = 3;
const calmMs = 30_000;

/** The address of a surface on its own host. When access to it ends, it is opened again by itself. */
export function useAppFrame(
  cave: string,
  surface: OpenSurface["surface"] | undefined,
  { path, window: own }: { path?: string | undefined; window: Window },
): AppFrameState {
  const [state, setState] = useState<{ url?: string; error?: unknown; key: number }>({ key: 0 });
  const [attempt, setAttempt] = useState(0);
  const wanted = surface === undefined ? undefined : JSON.stringify(surface);

  useEffect(() => {
    if (wanted === undefined) return;
    const stop = new AbortController();
    const body: OpenSurface = {
      surface: JSON.parse(wanted) as OpenSurface["surface"],
      ...(path !== undefined && { path }),
    };
    api.surfaces.open({ params: { cave }, body }, { signal: stop.signal }).then(
      ({ url }) => setState(({ key }) => ({ url, key: key + 1 })),
      (error: unknown) => {
        if (!stop.signal.aborted) setState(({ key }) => ({ error, key: key + 1 }));
      },
    );
    return () => stop.abort();
  }, [cave, wanted, path, attempt]);

  const reopen = useCallback(() => setAttempt((count) => count + 1), []);
  const origin = state.url === undefined ? undefined : new URL(state.url).origin;
  useEffect(() => {
    if (origin === undefined) return;
    let row = 0;
    let last = 0;
    const listen = (event: MessageEvent<unknown>) => {
      if (event.origin !== origin || !isSignedOut(event.data)) return;
      row = performance.now() - last < calmMs ? row + 1 : 0;
      last = performance.now();
      if (row < mostInARow) reopen();
    };
    own.addEventListener("message", listen);
    return () => own.removeEventListener("message", listen);
  }, [origin, own, reopen]);

  // A gateway that could not be asked is asked again when it is back.
  const lost = state.error instanceof GhostError && state.error.status === 0;
  useEffect(() => {
    if (!lost) return;
    return connection.subscribe(() => {
      if (connection.get().state === "open") reopen();
    });
  }, [lost, reopen]);

  // In another window the frame is loaded anew, and its address was good once.
  const [home, setHome] = useState(own);
  useEffect(() => {
    if (home === own) return;
    setHome(own);
    reopen();
  }, [home, own, reopen]);

  return { url: state.url, error: state.error, key: state.key, reopen };
}

const isSignedOut = (data: unknown): boolean =>
  typeof data === "object" && data !== null && "type" in data && data.type === "ghost:signed-out";
