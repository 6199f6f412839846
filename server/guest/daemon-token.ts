import { createHash, hkdfSync } from "node:crypto";

/**
 * The token that a cave's daemon answers to. Nothing stores it: it follows from the installation's key and the cave's id, so a gateway that comes
 * up again knows the tokens of all caves that run.
 */
export function daemonToken(key: Buffer, caveId: string): string {
  return Buffer.from(hkdfSync("sha256", key, Buffer.alloc(0), `ghost/daemon/v1 ${caveId}`, 32)).toString(
    "base64url",
  );
}

/** SHA-256 in hexadecimal: all that the cave itself is told. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
