import { z } from "zod";

/** Words out of a cave, for people to read: cut, and without what a terminal would obey or what turns text around. */
export function said(text: string, most: number): string {
  const bounded = text.slice(0, 2 * most).toWellFormed();
  const harmless = bounded.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, " ").trim();
  return Array.from(harmless).slice(0, most).join("");
}

/** The same of a field of what a daemon answers. */
export const words = (most: number) =>
  z
    .string()
    .max(4096)
    .transform((text) => said(text, most));
