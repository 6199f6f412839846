import { randomBytes } from "node:crypto";

const alphabet = "abcdefghijklmnopqrstuvwxyz234567";

/** 80 random bits in base32, after what they name: see contract/ids.ts. */
export function newId(kind: "cave" | "tok" | "user" | "term" | "ses" | "link" | "run" | "slot"): string {
  let bits = BigInt(`0x${randomBytes(10).toString("hex")}`);
  let text = "";
  for (let digit = 0; digit < 16; digit++) {
    text += alphabet[Number(bits & 31n)] ?? "";
    bits >>= 5n;
  }
  return `${kind}-${text}`;
}
