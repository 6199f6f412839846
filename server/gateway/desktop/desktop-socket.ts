import type { Duplex } from "node:stream";
import type { SocketHandler } from "../../api/handler.ts";
import type { Guest } from "../../guest/guest.ts";
import { AppError, isAppError } from "../../lib/app-error.ts";
import { streamed } from "../../lib/streamed.ts";
import { ByteSocket } from "./byte-socket.ts";
import { RfbFilter } from "./rfb-filter.ts";
import { SocketError } from "./socket-error.ts";
import { desktopClose, type DesktopMode } from "#contract/desktop.ts";

export interface DesktopSocket {
  guest: Pick<Guest, "connectService" | "startService">;
  mode: DesktopMode;
  /** Somebody acted on the desktop. */
  touch: () => void;
}

/** Between a browser's WebSocket and the X server: frames here, bare bytes there, and a reader in between who knows what each viewer may do. */
export function desktopSocket({ guest, mode, touch }: DesktopSocket): SocketHandler {
  return async (caller, signal) => {
    const filter = new RfbFilter(mode);
    let server: Duplex | undefined;
    const viewer = new ByteSocket({
      ...caller,
      subprotocol: "binary",
      onData(chunk) {
        if (!server) throw new SocketError(1008, "In RFB the server speaks first.");
        const { bytes, acted } = filter.push(chunk);
        if (acted) touch();
        if (bytes.length > 0 && !server.write(bytes)) viewer.pause();
      },
    });
    const end = () => viewer.close(...farewell(signal.reason));
    signal.addEventListener("abort", end, { once: true });
    try {
      server = await openDesktop(guest, signal);
      join(viewer, server);
    } catch (error) {
      viewer.close(...farewell(error));
    }
    if (signal.aborted) end();
    await viewer.closed;
    signal.removeEventListener("abort", end);
    server?.destroy();
  };
}

/** A stream to the desktop, which is started where it does not run yet. */
async function openDesktop(guest: DesktopSocket["guest"], signal: AbortSignal): Promise<Duplex> {
  try {
    return await guest.connectService("desktop", signal);
  } catch (error) {
    if (!isAppError(error, "surface_stopped")) throw error;
  }
  const { state, reason } = await guest.startService("desktop", signal);
  if (state !== "ready")
    throw new AppError("surface_unavailable", `The desktop did not start. ${reason ?? ""}`.trim());
  return guest.connectService("desktop", signal);
}

/** A slow end makes the other wait. */
function join(viewer: ByteSocket, server: Duplex): void {
  server.on("data", (chunk: Buffer) => {
    streamed(chunk.length);
    if (!viewer.write(chunk)) server.pause();
  });
  viewer.onDrain(() => server.resume());
  server.on("drain", () => viewer.resume());
  const gone = () => viewer.close(desktopClose.gone, "The desktop ended.");
  server.once("end", gone).once("close", gone);
  if (server.closed) gone();
}

/** The close code and reason for what went wrong. */
function farewell(error: unknown): [code: number, reason: string] {
  if (!isAppError(error)) return [desktopClose.gone, "The desktop could not be reached."];
  if (error.code === "unauthenticated") return [desktopClose.unauthenticated, error.message];
  if (error.code === "shutting_down") return [desktopClose.restarting, error.message];
  return [error.code === "surface_unavailable" ? desktopClose.unavailable : desktopClose.gone, error.message];
}
