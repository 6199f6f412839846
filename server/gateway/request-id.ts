import { randomFillSync } from "node:crypto";

const bytes = 9;
/** Random bytes cost more to ask for than to have: they are fetched for many ids at once. */
const stock = Buffer.alloc(bytes * 512);
let used = stock.length;

export function newRequestId(): string {
  if (used === stock.length) {
    randomFillSync(stock);
    used = 0;
  }
  used += bytes;
  return stock.toString("base64url", used - bytes, used);
}
