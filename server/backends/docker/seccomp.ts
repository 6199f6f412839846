import { readFileSync } from "node:fs";

/**
 * The profile for caves that run a browser, as the text the engine's API wants; all others keep the engine's own default.
 *
 * An allow-list derived from the default profile of containers/common 0.50.1 (Apache-2.0, as in Debian's golang-github-containers-common),
 * without mounts, keys, foreign namespaces and socket families but UNIX, INET, INET6 and NETLINK; with `clone`, `unshare` and
 * `chroot`, from which Chromium builds the sandbox around its renderers. No 32-bit calls, because rules cannot see
 * through their `socketcall`.
 */
export const browserSeccomp: string = JSON.stringify(
  JSON.parse(readFileSync(new URL("./seccomp-browser.json", import.meta.url), "utf8")),
);
