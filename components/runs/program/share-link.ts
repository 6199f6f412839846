import { fromBase64, toBase64 } from "../../lib/base64.ts";
import type { Program } from "./program.ts";
import { readProgram } from "./read-program.ts";

/** What chats, mails and address bars still take whole. */
export const mostInLink = 16_000;
/** What a link may grow to: a few letters can be made to mean gigabytes. */
const mostUnpacked = 2_097_152;
const key = "program";
const version = "1";

/** A program as the part of an address that browsers never send, or undefined when it is too large for one. */
export async function fragmentOf(program: Program): Promise<string | undefined> {
  const { language, code, files, stdin, args, limits, network, typecheck, runtime } = program;
  const text = JSON.stringify({
    ...{ language, code },
    ...(Object.keys(files).length > 0 && { files }),
    ...(stdin !== "" && { stdin }),
    ...(args !== "" && { args }),
    ...(Object.keys(limits).length > 0 && { limits }),
    ...(network && { network }),
    ...(typecheck && { typecheck }),
    ...(runtime !== "" && { runtime }),
  });
  if (text.length > mostUnpacked) return undefined;
  const packed = await through(new TextEncoder().encode(text), new CompressionStream("deflate-raw"));
  const fragment = `#${key}=${version}.${toBase64Url(packed)}`;
  return fragment.length > mostInLink ? undefined : fragment;
}

export const hasProgram = (fragment: string): boolean => fragment.startsWith(`#${key}=`);

/** The program of a link. Throws a sentence when there is none to be had. */
export async function programOfFragment(fragment: string): Promise<Program> {
  const [given, packed = ""] = fragment.slice(key.length + 2).split(".", 2);
  if (given !== version) throw new Error("The link was made by another version of Ghost.");
  if (packed.length > mostInLink) throw new Error("The link is longer than any that Ghost makes.");
  let program: Program | undefined;
  try {
    const bytes = await through(fromBase64Url(packed), new DecompressionStream("deflate-raw"), mostUnpacked);
    program = readProgram(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    program = undefined;
  }
  if (!program) throw new Error("The link is damaged: there is no whole program in it.");
  return program;
}

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  change: CompressionStream | DecompressionStream,
  most = Infinity,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new Blob([bytes]).stream().pipeThrough(change).getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > most) {
      await reader.cancel();
      throw new Error("too large");
    }
    parts.push(value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

function toBase64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

const fromBase64Url = (text: string) => fromBase64(text.replaceAll("-", "+").replaceAll("_", "/"));
