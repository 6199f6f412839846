import { randomBytes } from "node:crypto";

export function newRequestId(): string {
  return randomBytes(9).toString("base64url");
}
