import type { Readable } from "node:stream";
import type { z } from "zod";
import { nonsense, parsed } from "./client.ts";
import { connectionFailure } from "./failures.ts";

const lineLimit = 2 ** 20;

/** Lines of JSON, each parsed by its schema. Leaving the loop closes the connection. */
export async function* lines<S extends z.ZodType>(
  res: Readable,
  schema: S,
  signal: AbortSignal,
): AsyncGenerator<z.output<S>> {
  let rest = "";
  res.setEncoding("utf8");
  try {
    for await (const chunk of res as AsyncIterable<string>) {
      const parts = (rest + chunk).split("\n");
      rest = parts.pop() ?? "";
      if (rest.length > lineLimit) throw nonsense();
      for (const part of parts) if (part !== "") yield parsed(schema, JSON.parse(part));
    }
  } catch (error) {
    throw connectionFailure(error, signal);
  }
}
