import { crypto } from "./lib/builtin.ts";

/** Compares what a request brings with the hash of the token, in constant time. The token itself is unknown here. */
export function authenticator(sha256Hex: string): (authorization: string | undefined) => boolean {
  const expected = Buffer.from(sha256Hex, "hex");
  return (authorization) => {
    if (!authorization?.startsWith("Bearer ")) return false;
    return crypto.timingSafeEqual(crypto.hash("sha256", authorization.slice(7), "buffer"), expected);
  };
}

export const isSha256 = (text: string): boolean => /^[0-9a-fA-F]{64}$/.test(text);
