import { pino, stdTimeFunctions, type Logger } from "pino";
import type { Config } from "../config/config.ts";

/** JSON lines on standard output. Whatever is called like a credential is not printed, wherever it turns up. */
export function createLog({ log }: Pick<Config, "log">): Logger {
  return pino({
    level: log.level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    redact: {
      paths: ["authorization", "cookie", "token", "secret", "ticket", "value"].flatMap((name) => [
        name,
        `*.${name}`,
      ]),
      censor: "[redacted]",
    },
  });
}
