import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";

const run = promisify(execFile);
const ip = (...args: string[]) => run("ip", args);

const host = "10.201.7.1";
export const neighbour = "10.201.7.2";
export const metadata = "169.254.169.254";
export const lanPort = 8080;

/** A machine on a private network around the host, and a cloud's metadata service, both real: a network namespace behind a pair of interfaces. */
export async function openLan(key: string): Promise<AsyncDisposable> {
  const space = `ghost-${key}`;
  const [near, far] = [`gt${key}a`, `gt${key}b`];
  await using stack = new AsyncDisposableStack();
  await ip("netns", "add", space);
  stack.defer(() => ip("netns", "del", space).then(() => undefined));
  await ip("link", "add", near, "type", "veth", "peer", "name", far, "netns", space);
  await ip("addr", "add", `${host}/30`, "dev", near);
  await ip("link", "set", near, "up");
  const inside = (...args: string[]) => ip("-n", space, ...args);
  await inside("addr", "add", `${neighbour}/30`, "dev", far);
  await inside("addr", "add", `${metadata}/32`, "dev", far);
  await inside("link", "set", far, "up");
  await inside("link", "set", "lo", "up");
  await inside("route", "add", "default", "via", host);
  await ip("route", "add", metadata, "via", neighbour);
  const serve = `require("node:net").createServer((s) => s.on("error", () => {}).end("here\\n")).listen(${lanPort}, "0.0.0.0", () => console.log("up"))`;
  const server = spawn("ip", ["netns", "exec", space, process.execPath, "-e", serve], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  stack.defer(async () => {
    server.kill();
    if (server.exitCode === null && server.signalCode === null) await once(server, "exit");
  });
  await once(server.stdout, "data");
  return stack.move();
}
