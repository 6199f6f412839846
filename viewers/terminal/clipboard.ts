import type { Terminal } from "@xterm/xterm";

/** Asks the person; resolves to whether it is allowed. */
export type Ask = (question: string) => Promise<boolean>;

interface Means {
  /** Of the window that has the focus. */
  readonly clipboard: () => globalThis.Clipboard;
  readonly answer: (text: string) => void;
}

const mostBytes = 1_048_576;

/**
 * OSC 52: programs that set the clipboard, or read it. Nothing of it happens unasked: writing is asked for once per terminal, reading each time.
 * Returns what takes it away again.
 */
export function clipboardRequests(terminal: Terminal, ask: Ask, { clipboard, answer }: Means): () => void {
  let mayWrite: Promise<boolean> | undefined;
  const write = async (text: string) => {
    mayWrite ??= ask("A program in this terminal wants to put text on your clipboard.");
    if (await mayWrite) await clipboard().writeText(text);
    else mayWrite = undefined;
  };
  const read = async (target: string) => {
    if (!(await ask("A program in this terminal wants to read your clipboard."))) return;
    const bytes = new TextEncoder().encode(await clipboard().readText());
    if (bytes.length <= mostBytes) answer(`\x1b]52;${target};${encodeBase64(bytes)}\x07`);
  };
  const handler = terminal.parser.registerOscHandler(52, (data) => {
    const at = data.indexOf(";");
    const target = data.slice(0, at);
    const payload = data.slice(at + 1);
    if (at < 0 || !/^[cps0-7]{0,8}$/.test(target) || payload.length > mostBytes * 2) return true;
    const done = payload === "?" ? read(target) : write(decodeBase64(payload));
    done.catch(() => undefined); // the browser refuses, which it has told the person itself
    return true;
  });
  return () => handler.dispose();
}

function encodeBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

function decodeBase64(text: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
  } catch {
    return "";
  }
}
