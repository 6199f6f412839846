import { SocketError } from "./socket-error.ts";
import type { DesktopMode } from "#contract/desktop.ts";

/** RFB's client messages (RFC 6143 and the community's extensions) that Xvnc knows. Nothing else gets through. */
const message = {
  setPixelFormat: 0,
  setEncodings: 2,
  updateRequest: 3,
  key: 4,
  pointer: 5,
  cutText: 6,
  continuousUpdates: 150,
  fence: 248,
  xvp: 250,
  setDesktopSize: 251,
  qemu: 255,
} as const;

/** What acts on the desktop, and needs `control`. */
const input = new Set<number>([
  message.key,
  message.pointer,
  message.cutText,
  message.xvp,
  message.setDesktopSize,
  message.qemu,
]);

const extendedMouseButtons = -316;
const versions = ["RFB 003.003\n", "RFB 003.007\n", "RFB 003.008\n"];
const mostEncodings = 512;
const mostScreens = 16;
const fenceBytes = 64;
/** Far more than Xvnc takes; it is passed on as it comes, or dropped. */
const clipboardBytes = 16 * 2 ** 20;

export interface Filtered {
  /** What may go on to the server. */
  bytes: Buffer;
  /** Whether input was among it. */
  acted: boolean;
}

/** Reads what an RFB client sends, message by message, and lets through what its mode allows. */
export class RfbFilter {
  readonly #mode: DesktopMode;
  readonly #message = Buffer.alloc(4 + 4 * mostEncodings);
  #have = 0;
  #need = 12;
  #stage: "version" | "security" | "init" | "messages" = "version";
  #extendedPointer = false;
  /** Of a clipboard's text, which is not gathered. */
  #streaming = 0;

  constructor(mode: DesktopMode) {
    this.#mode = mode;
  }

  push(chunk: Buffer): Filtered {
    const bytes = Buffer.allocUnsafe(this.#have + chunk.length);
    let filled = 0;
    let acted = false;
    for (let at = 0; at < chunk.length;) {
      if (this.#streaming > 0) {
        const end = Math.min(at + this.#streaming, chunk.length);
        if (this.#mode === "control") filled += chunk.copy(bytes, filled, at, end);
        this.#streaming -= end - at;
        at = end;
        continue;
      }
      const copied = chunk.copy(this.#message, this.#have, at, at + this.#need - this.#have);
      this.#have += copied;
      at += copied;
      if (this.#have < this.#need) break;
      const whole = this.#message.subarray(0, this.#have);
      if (this.#stage === "messages") {
        this.#need = lengthOf(whole, this.#extendedPointer);
        if (this.#have < this.#need) continue;
      }
      const isInput = this.#stage === "messages" && input.has(whole[0] ?? 0);
      if (this.#take(whole)) filled += whole.copy(bytes, filled);
      acted ||= isInput && this.#mode === "control";
      this.#have = 0;
    }
    return { bytes: bytes.subarray(0, filled), acted };
  }

  /** Acts on a whole message, says how long the next is at least, and whether this one goes on. */
  #take(whole: Buffer): boolean {
    switch (this.#stage) {
      case "version": {
        const version = whole.toString("latin1");
        if (!versions.includes(version))
          throw new SocketError(1008, "That version of RFB is not spoken here.");
        this.#stage = version === versions[0] ? "init" : "security";
        break;
      }
      case "security":
        if (whole[0] !== 1) throw new SocketError(1008, "The desktop has no password of its own.");
        this.#stage = "init";
        break;
      case "init":
        whole[0] = 1; // nobody may turn the others out
        this.#stage = "messages";
        break;
      case "messages":
        this.#need = 1;
        return this.#takeMessage(whole);
    }
    this.#need = 1;
    return true;
  }

  #takeMessage(whole: Buffer): boolean {
    const kind = whole[0] ?? 0;
    if (kind === message.cutText) {
      // A negative length is that of the extended clipboard's message.
      this.#streaming = Math.abs(whole.readInt32BE(4));
      if (this.#streaming > clipboardBytes) throw new SocketError(1009, "The clipboard's text is too large.");
    }
    if (kind === message.setEncodings) {
      this.#extendedPointer = false;
      for (let at = 4; at < whole.length; at += 4)
        this.#extendedPointer ||= whole.readInt32BE(at) === extendedMouseButtons;
    }
    if (kind === message.xvp) return false; // shutting down is the API's business
    return this.#mode === "control" || !input.has(kind);
  }
}

/** How long a message is, as far as one can tell by its beginning. */
function lengthOf(begun: Buffer, extendedPointer: boolean): number {
  const have = begun.length;
  switch (begun[0]) {
    case message.setPixelFormat:
      return 20;
    case message.setEncodings:
      return have < 4 ? 4 : 4 + 4 * atMost(mostEncodings, begun.readUInt16BE(2), "encodings");
    case message.updateRequest:
    case message.continuousUpdates:
      return 10;
    case message.key:
    case message.cutText:
      return 8;
    case message.pointer:
      // As Xvnc reads it: the seventh byte is there when the client knows of it and the mask says so.
      return have < 2 ? 2 : extendedPointer && ((begun[1] ?? 0) & 0x80) !== 0 ? 7 : 6;
    case message.fence:
      return have < 9 ? 9 : 9 + atMost(fenceBytes, begun[8] ?? 0, "bytes in a fence");
    case message.xvp:
      return 4;
    case message.setDesktopSize:
      return have < 8 ? 8 : 8 + 16 * atMost(mostScreens, begun[6] ?? 0, "screens");
    case message.qemu:
      if (have >= 2 && begun[1] !== 0) throw new SocketError(1008, "Only keys are taken of QEMU's messages.");
      return have < 2 ? 2 : 12;
    default:
      throw new SocketError(1008, `RFB messages of type ${begun[0] ?? 0} are not let through.`);
  }
}

function atMost(most: number, given: number, what: string): number {
  if (given > most) throw new SocketError(1008, `${given} ${what} are too many.`);
  return given;
}
