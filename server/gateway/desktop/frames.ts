/** WebSocket frames as a server writes them (RFC 6455): unmasked, whole, without extensions. */
export const opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** The head of a whole frame; its payload follows as it is, uncopied. */
export function frameHead(kind: number, length: number): Buffer {
  if (length < 126) return Buffer.of(0x80 | kind, length);
  if (length < 65_536) return Buffer.of(0x80 | kind, 126, length >> 8, length & 255);
  const head = Buffer.alloc(10);
  head.writeUInt16BE(((0x80 | kind) << 8) | 127);
  head.writeBigUInt64BE(BigInt(length), 2);
  return head;
}

const reasonBytes = 123;

export function closeFrame(code: number, reason: string): Buffer {
  const text = Buffer.from(cut(reason, reasonBytes));
  const payload = Buffer.alloc(2 + text.length);
  payload.writeUInt16BE(code);
  text.copy(payload, 2);
  return Buffer.concat([frameHead(opcode.close, payload.length), payload]);
}

/** As many characters as fit: a reason that ends inside one is no UTF-8. */
function cut(text: string, bytes: number): string {
  let size = 0;
  let kept = "";
  for (const character of text) {
    size += Buffer.byteLength(character);
    if (size > bytes) break;
    kept += character;
  }
  return kept;
}
