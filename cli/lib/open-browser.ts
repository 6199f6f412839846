import { spawn } from "node:child_process";
import { once } from "node:events";

/** Shows an address in the machine's own browser; false where there is none to ask, as over SSH. */
export async function openBrowser(
  url: string,
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): Promise<boolean> {
  const [command, ...args] = opener(env, platform) ?? [];
  if (command === undefined) return false;
  const child = spawn(command, [...args, url], { stdio: "ignore", detached: true });
  const [failed] = await Promise.race([
    once(child, "spawn").then(() => [false] as const),
    once(child, "error").then(() => [true] as const),
  ]);
  child.unref();
  return !failed;
}

function opener(
  { BROWSER, DISPLAY, WAYLAND_DISPLAY, WSL_DISTRO_NAME }: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
): string[] | undefined {
  if (BROWSER !== undefined && BROWSER !== "") return [BROWSER];
  if (platform === "darwin") return ["open"];
  // `start` takes its first quoted argument for a title.
  if (platform === "win32") return ["cmd", "/c", "start", ""];
  if (WSL_DISTRO_NAME !== undefined) return ["wslview"];
  return DISPLAY === undefined && WAYLAND_DISPLAY === undefined ? undefined : ["xdg-open"];
}
