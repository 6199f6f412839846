import { setFlagsFromString } from "node:v8";
import { authenticator, isSha256 } from "./auth.ts";
import { takeVariable } from "./lib/environment.ts";
import { log, logError } from "./lib/log.ts";
import { createServer } from "./server.ts";
import { daemonPort } from "#contract/daemon.ts";

// The young generation keeps its size: otherwise one terminal's flood takes 50 MB that are never given back.
setFlagsFromString("--semi-space-growth-factor=1");

/**
 * caved: the small server inside a cave. Whatever an idle cave does not need is imported when it is first used, because all caves pay for this
 * process. It refuses to run without the hash of the gateway's token.
 */
function main(): void {
  const tokenHash = takeVariable("GHOST_DAEMON_TOKEN_SHA256");
  const port = Number(takeVariable("GHOST_DAEMON_PORT") ?? daemonPort);
  if (tokenHash === undefined || !isSha256(tokenHash)) {
    log(
      "GHOST_DAEMON_TOKEN_SHA256 must be the SHA-256 of the gateway's token in hexadecimal: caved does not run without it.",
    );
    process.exitCode = 78;
    return;
  }

  process.on("uncaughtException", (error) => logError("An error was caught by nobody", error));
  process.on("unhandledRejection", (error) => logError("A rejection was caught by nobody", error));

  const server = createServer({ isAllowed: authenticator(tokenHash) });
  server.on("error", (error) => {
    logError("caved cannot listen", error);
    process.exitCode = 1;
  });
  server.on("listening", () => log("caved listens", { address: server.address() }));
  server.listen(port, "0.0.0.0");

  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    void import("./stop.ts").then(({ stopAll }) => stopAll(server));
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}

if (process.argv[2] === "replace")
  void import("./files/replace-child.ts").then(({ replaceChild }) => replaceChild());
else main();
