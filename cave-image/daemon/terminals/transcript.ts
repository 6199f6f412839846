import type { Handler } from "../lib/exchange.ts";
import { Problem } from "../lib/problem.ts";
import { findTerminal } from "./terminals.ts";

/** All of what is kept of a terminal: half a megabyte of output, or the lines of its screen. */
export const terminalTranscript: Handler = async ({ res, query, id }) => {
  const terminal = findTerminal(id);
  const body = await bodyOf(query.get("format") ?? "text");
  res.writeHead(200, { "content-type": "application/octet-stream", "content-length": body.length });
  res.end(body);

  async function bodyOf(format: string): Promise<Buffer> {
    if (format === "raw") return terminal.ring.copy();
    if (format === "text") return Buffer.from(await terminal.text());
    throw new Problem("invalid_input", "`format` is text or raw.");
  }
};
