import { readFileSync, watchFile, unwatchFile } from "node:fs";
import type { Server } from "node:http";
import { Server as TlsServer } from "node:https";
import { createSecureContext, type SecureContextOptions } from "node:tls";
import type { Logger } from "pino";
import type { TlsFiles } from "../config/config.ts";

const lookEveryMs = 60_000;

/** Throws, in words for people, when the files are not a certificate and its key. */
export function loadTls({ cert, key }: TlsFiles): SecureContextOptions {
  try {
    const options = { cert: readFileSync(cert), key: readFileSync(key), minVersion: "TLSv1.2" } as const;
    createSecureContext(options);
    return options;
  } catch (error) {
    throw new Error(
      `Ghost cannot use GHOST_TLS_CERT (${cert}) and GHOST_TLS_KEY (${key}): ${(error as Error).message}`,
      {
        cause: error,
      },
    );
  }
}

/**
 * A certificate that was renewed is used from then on, without a restart; one that cannot be used leaves the old one in place. Both files are
 * watched: they are written one after the other, and do not fit each other in between.
 */
export function keepTls(
  { cert, key }: TlsFiles,
  servers: readonly Server[],
  log: Logger,
  everyMs = lookEveryMs,
): Disposable {
  const reload = () => {
    try {
      const options = loadTls({ cert, key });
      for (const server of servers) if (server instanceof TlsServer) server.setSecureContext(options);
      log.info("the certificate was read again");
    } catch (error) {
      log.error({ err: error }, "the renewed certificate cannot be used");
    }
  };
  for (const file of [cert, key]) watchFile(file, { interval: everyMs, persistent: false }, reload);
  return {
    [Symbol.dispose]: () => {
      for (const file of [cert, key]) unwatchFile(file, reload);
    },
  };
}
