import { createHash, randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";

const token = /^ghost_([A-Za-z0-9_-]{43})([A-Za-z0-9_-]{6})$/;

/** 256 random bits behind a prefix that scanners know, and a checksum that tells a typo without asking the store. */
export function newToken(): string {
  const random = randomSecret();
  return `ghost_${random}${checksum(random)}`;
}

export function isToken(text: string): boolean {
  const [, random, sum] = token.exec(text) ?? [];
  return random !== undefined && checksum(random) === sum;
}

/** For session cookies and sign-in tickets. */
export function randomSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** Enough for random secrets: nothing can be guessed that a slow hash would protect. */
export function hashOf(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}

function checksum(random: string): string {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(random));
  return sum.toString("base64url");
}
