import { localUrl } from "../terminal/local-url.ts";

/** What somebody types into the address bar: `3000`, `:3000/a`, `localhost:3000/a?b`, `/a` on the port that is shown. */
export function parseAddress(
  text: string,
  port: number | undefined,
): { port: number; path: string } | undefined {
  const typed = encodeOdd(text.trim());
  if (typed.startsWith("/") && port !== undefined) return { port, path: typed };
  return localUrl(/^:?\d/.test(typed) ? `localhost:${typed.replace(/^:/, "")}` : typed);
}

/** The API takes paths as they are in a request. */
const encodeOdd = (path: string): string =>
  path.replace(/[^\x21-\x7e]|\\/g, (one) => encodeURIComponent(one));
