import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { AppError, isAppError } from "../../lib/app-error.ts";
import type { Engine } from "./engine.ts";
import { tunnel } from "./tunnel.ts";
import { daemonPort } from "#contract/daemon.ts";

/** `signal` governs the connecting; the stream is then the caller's. */
export async function dial(engine: Engine, id: string, port: number, signal: AbortSignal): Promise<Duplex> {
  const known = await engine.containers.of(id, signal);
  if (!known.bridged || !engine.network.reachable) return tunnel(engine, id, port, signal);
  const address = await engine.addresses.of(id, signal);
  if (address === undefined) throw new AppError("cave_state", "The cave is not running.");
  try {
    return await open(address, port, signal, engine.closing);
  } catch (error) {
    signal.throwIfAborted();
    const refused = (error as NodeJS.ErrnoException).code === "ECONNREFUSED";
    if (!refused) engine.addresses.forget(id);
    const unreachable = new AppError("cave_unreachable", `Nothing answers on port ${port} of the cave.`, {
      cause: error,
    });
    if (!refused || port === daemonPort) throw unreachable;
    // Perhaps a server that listens on the cave's loopback alone.
    return tunnel(engine, id, port, signal).catch((inside: unknown) => {
      throw isAppError(inside, "surface_unavailable") ? unreachable : inside;
    });
  }
}

async function open(host: string, port: number, signal: AbortSignal, closing: AbortSignal): Promise<Socket> {
  const socket = connect({ host, port, noDelay: true });
  try {
    await once(socket, "connect", { signal });
  } catch (error) {
    socket.destroy();
    throw error;
  }
  const close = () => socket.destroy();
  closing.addEventListener("abort", close, { once: true });
  socket.once("close", () => closing.removeEventListener("abort", close));
  return socket;
}
