/** What an RFB client sends, as bytes. */
export const hello = Buffer.concat([Buffer.from("RFB 003.008\n"), Buffer.of(1), Buffer.of(0)]);

const withLength = (head: readonly number[], length: number, body = Buffer.alloc(0)) => {
  const size = Buffer.alloc(4);
  size.writeInt32BE(length);
  return Buffer.concat([Buffer.from(head), size, body]);
};

function encodings(...list: number[]): Buffer {
  const bytes = Buffer.alloc(4 + 4 * list.length);
  bytes[0] = 2;
  bytes.writeUInt16BE(list.length, 2);
  list.forEach((encoding, i) => bytes.writeInt32BE(encoding, 4 + 4 * i));
  return bytes;
}

/** Messages that only look. */
export const looking = {
  pixelFormat: Buffer.concat([Buffer.of(0), Buffer.alloc(19, 1)]),
  encodings: encodings(7, 16, -223, -308),
  noEncodings: encodings(),
  updateRequest: Buffer.from([3, 1, 0, 0, 0, 0, 5, 0, 3, 32]),
  continuousUpdates: Buffer.from([150, 1, 0, 0, 0, 0, 5, 0, 3, 32]),
  fence: Buffer.concat([Buffer.from([248, 0, 0, 0, 0x80, 0, 0, 1, 3]), Buffer.from("abc")]),
} as const;

/** Messages that act. */
export const acting = {
  key: Buffer.from([4, 1, 0, 0, 0, 0, 0, 97]),
  pointer: Buffer.from([5, 0x80, 0, 10, 0, 20]),
  cutText: withLength([6, 0, 0, 0], 5, Buffer.from("hello")),
  noText: withLength([6, 0, 0, 0], 0),
  extendedClipboard: withLength([6, 0, 0, 0], -8, Buffer.alloc(8, 9)),
  desktopSize: Buffer.concat([Buffer.from([251, 0, 4, 0, 3, 0, 1, 0]), Buffer.alloc(16)]),
  qemuKey: Buffer.from([255, 0, 0, 1, 0, 0, 0, 97, 0, 0, 0, 30]),
} as const;

/** Once the client knows of more mouse buttons than eight, a pointer may be a byte longer. */
export const manyButtons = {
  encodings: encodings(7, -316),
  pointer: Buffer.from([5, 0x81, 0, 10, 0, 20, 1]),
};
export const xvp = Buffer.from([250, 0, 1, 2]);
