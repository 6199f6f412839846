import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

const algorithm = "aes-256-gcm";
const tagBytes = 16;

export interface Sealed {
  readonly nonce: Uint8Array;
  /** Ciphertext, then the tag. */
  readonly sealed: Uint8Array;
}

/** Encrypts, and binds to `about`: under any other description it will not open. */
export function seal(key: Uint8Array, plain: Uint8Array, about: readonly (string | number)[]): Sealed {
  const nonce = randomBytes(12);
  const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagBytes }).setAAD(describe(about));
  return { nonce, sealed: Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]) };
}

/** Throws when anything was changed, or belongs elsewhere. */
export function open(
  key: Uint8Array,
  { nonce, sealed }: Sealed,
  about: readonly (string | number)[],
): Buffer {
  const end = sealed.length - tagBytes;
  if (end < 0) throw new Error("The record is cut short.");
  const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagBytes })
    .setAAD(describe(about))
    .setAuthTag(sealed.subarray(end));
  return Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()]);
}

/** Every part with its length, so that no two lists of parts read the same. */
function describe(about: readonly (string | number)[]): Buffer {
  return Buffer.concat(
    about.flatMap((part) => {
      const bytes = Buffer.from(String(part));
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );
}
