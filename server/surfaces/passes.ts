import { createHmac, timingSafeEqual } from "node:crypto";
import type { Redacted } from "../lib/redacted.ts";

/** What a browser shows at one surface of one cave: it says by whose right it is there, and is worth as much as that is now. */
export interface Pass {
  readonly caveId: string;
  /** A name, or a port's number as text. */
  readonly surface: string;
  readonly via: "session" | "token" | "link";
  readonly credential: string;
  /** It was given in a frame on another site's page: browsers keep such a cookie, and show it, in that frame alone. */
  readonly framed?: boolean;
}

export interface Passes {
  /** As the value of a cookie. */
  seal(pass: Pass): string;
  /** Undefined for what this gateway has not sealed. */
  open(text: string): Pass | undefined;
}

/** Sealed rather than stored: nothing is written when somebody enters, and any gateway with the key can read it. */
export function createPasses(key: Redacted<Buffer>): Passes {
  const sign = (text: string) => createHmac("sha256", key.reveal()).update(text).digest();
  return {
    seal({ caveId, surface, via, credential, framed = false }) {
      const text = [caveId, surface, via, credential, ...(framed ? ["framed"] : [])].join(".");
      return `${text}.${sign(text).toString("base64url")}`;
    },
    open(sealed) {
      const end = sealed.lastIndexOf(".");
      if (end < 0 || sealed.length > 300) return undefined;
      const text = sealed.slice(0, end);
      const given = Buffer.from(sealed.slice(end + 1), "base64url");
      const wanted = sign(text);
      if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
      const [caveId = "", surface = "", via = "", credential = "", framed] = text.split(".");
      return { caveId, surface, via: via as Pass["via"], credential, framed: framed === "framed" };
    },
  };
}
