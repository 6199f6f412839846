import type { IncomingHttpHeaders } from "node:http";
import type { ReadOptions, WriteOptions } from "../guest/guest.ts";
import { AppError } from "../lib/app-error.ts";

export function headerOf(headers: NodeJS.Dict<string | string[]>, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Whether a list of ETags (`If-None-Match`) has this one; weak ones count, because the bytes are what is compared. */
export function matches(header: string | undefined, etag: string | undefined): boolean {
  if (header === undefined || etag === undefined) return false;
  return header.split(",").some((one) => one.trim() === "*" || one.trim().replace(/^W\//, "") === etag);
}

/** One range of bytes; undefined for anything else, which is answered with the whole, as HTTP wants. */
export function rangeOf(header: string | undefined): ReadOptions["range"] {
  const [, from = "", to = ""] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? "") ?? [];
  if (from === "" && to === "") return undefined;
  if (from !== "" && to !== "" && Number(to) < Number(from)) return undefined;
  return { ...(from !== "" && { start: Number(from) }), ...(to !== "" && { end: Number(to) }) };
}

export function writeConditions(headers: IncomingHttpHeaders): Pick<WriteOptions, "ifMatch" | "ifNoneMatch"> {
  const ifMatch = headerOf(headers, "if-match");
  const ifNoneMatch = headerOf(headers, "if-none-match");
  if (ifNoneMatch !== undefined && ifNoneMatch !== "*") {
    throw new AppError(
      "bad_request",
      "If-None-Match takes `*` alone here: write only if there is no such file.",
    );
  }
  return { ...(ifMatch !== undefined && { ifMatch }), ...(ifNoneMatch !== undefined && { ifNoneMatch }) };
}
