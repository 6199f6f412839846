import { home } from "../lib/cave-path.ts";
import { runFolder } from "../lib/run-folder.ts";

export interface Program {
  argv: readonly string[];
  env?: Record<string, string>;
  /** What must be so before the next program starts and the service counts as ready. */
  ready?: { socket: string; answersTo?: string };
}

export interface ServiceDefinition {
  /** Started in this order; one that ends takes the service with it. */
  programs: readonly Program[];
  /** Where the gateway's connections go. */
  socket: string;
  /** A folder that its programs expect, open to all. */
  shared?: string;
}

const socketFolder = `${runFolder}/services`;
const socket = (name: string) => `${socketFolder}/${name}.sock`;
export const display = ":1";

/** Unix sockets, not ports: other processes' ports are never in the way, and a cave without a network has them too. */
export const definitions: Record<string, ServiceDefinition> = {
  desktop: {
    socket: socket("desktop"),
    shared: "/tmp/.X11-unix",
    programs: [
      {
        argv: [
          ...[
            "Xvnc",
            display,
            "-geometry",
            "1280x800",
            "-depth",
            "24",
            "-SecurityTypes",
            "None",
            "-AlwaysShared",
          ],
          ...[
            "-rfbport",
            "-1",
            "-rfbunixpath",
            socket("desktop"),
            "-rfbunixmode",
            "0600",
            "-nolisten",
            "tcp",
          ],
        ],
        ready: { socket: socket("desktop") },
      },
      { argv: ["openbox", "--startup", "/opt/ghost/defaults/desktop/start"], env: { DISPLAY: display } },
    ],
  },
  code: {
    socket: socket("code"),
    programs: [
      {
        argv: [
          ...[
            "code-server",
            "--socket",
            socket("code"),
            "--socket-mode",
            "0600",
            "--auth",
            "none",
            "--disable-proxy",
          ],
          ...[
            "--disable-telemetry",
            "--disable-update-check",
            "--disable-workspace-trust",
            "--disable-getting-started-override",
            "--ignore-last-opened",
            "--app-name",
            "Ghost",
          ],
          // Each tab that is gone keeps an extension host for so long; VS Code's own default is three hours.
          ...["--reconnection-grace-time", "600", home],
        ],
        // The first page has VS Code's server loaded, which takes most of the start: /healthz answers long before.
        ready: { socket: socket("code"), answersTo: "/" },
      },
    ],
  },
  jupyter: {
    socket: socket("jupyter"),
    programs: [
      {
        argv: [
          ...[
            "jupyter-lab",
            `--ServerApp.sock=${socket("jupyter")}`,
            "--ServerApp.sock_mode=0600",
            "--IdentityProvider.token=",
          ],
          ...[
            "--ServerApp.allow_remote_access=True",
            `--ServerApp.root_dir=${home}`,
            "--ServerApp.open_browser=False",
          ],
        ],
        ready: { socket: socket("jupyter"), answersTo: "/api" },
      },
    ],
  },
};
