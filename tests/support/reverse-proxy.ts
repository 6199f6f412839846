import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Certificate } from "./certificate.ts";

const examples = fileURLToPath(new URL("../../docs/examples/", import.meta.url));

/** What the examples in docs/examples/ call things, and what they are here. */
export interface Place {
  /** The proxy's own port. */
  port: number;
  gateway: number;
  certificate: Certificate;
  dashboard: string;
  appsDomain: string;
}

export interface ReverseProxy extends AsyncDisposable {
  /** What it wrote, for tests that fail. */
  log(): string;
  /** Its folder for bodies that it buffers. */
  folder: string;
}

/** A real nginx or Caddy with the documented configuration, in which nothing but places is changed. */
export async function startProxy(kind: "nginx" | "caddy", place: Place): Promise<ReverseProxy> {
  const folder = await mkdtemp(join(tmpdir(), `ghost-${kind}-`));
  const name = kind === "nginx" ? "nginx.conf" : "Caddyfile";
  const example = await readFile(join(examples, name), "utf8");
  const config = join(folder, name);
  await writeFile(config, (kind === "nginx" ? nginx : caddy)(put(example, place), place, folder));
  for (const temporary of ["body", "proxy", "fastcgi", "uwsgi", "scgi"]) await mkdir(join(folder, temporary));
  const argv = kind === "nginx" ? ["-c", config] : ["run", "--config", config, "--adapter", "caddyfile"];
  const env = { PATH: process.env["PATH"], HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  const child = spawn(kind, argv, { stdio: ["ignore", "pipe", "pipe"], env });
  const gone = once(child, "exit");
  let said = "";
  for (const output of [child.stdout, child.stderr])
    output.setEncoding("utf8").on("data", (part: string) => (said += part));
  return {
    folder,
    log: () => said,
    async [Symbol.asyncDispose]() {
      // Caddy would wait for what is still open; nginx does not, and has a worker to end.
      child.kill(kind === "caddy" ? "SIGKILL" : "SIGTERM");
      await gone;
      await rm(folder, { recursive: true });
    },
  };
}

function put(example: string, { certificate, gateway, dashboard, appsDomain }: Place): string {
  const changes = {
    "/etc/ghost/tls/fullchain.pem": certificate.cert,
    "/etc/ghost/tls/privkey.pem": certificate.key,
    "127.0.0.1:8000": `127.0.0.1:${gateway}`,
    "ghost.example.com": dashboard,
    "ghost-caves.example": appsDomain,
  };
  return Object.entries(changes).reduce((config, [from, to]) => {
    if (!config.includes(from)) throw new Error(`The example does not name ${from}.`);
    return config.replaceAll(from, to);
  }, example);
}

/** Debian's nginx.conf includes what is in conf.d within `http`. */
function nginx(example: string, { port }: Place, folder: string): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((kind) => `${kind}_temp_path ${folder}/${kind.replace("client_", "")};`)
    .join(" ");
  const own = `daemon off; worker_processes 1; pid ${folder}/pid; error_log stderr; events {}`;
  const http = example.replace("listen 443 ", `listen 127.0.0.1:${port} `);
  return `user root; ${own}\nhttp { access_log off; ${temporary}\n${http}\n}\n`;
}

function caddy(example: string, { port, dashboard, appsDomain }: Place): string {
  const own = "{\n\tadmin off\n\tauto_https disable_redirects\n\tdefault_bind 127.0.0.1\n}\n";
  return (
    own +
    example.replace(
      `https://${dashboard}, https://*.${appsDomain} {`,
      `https://${dashboard}:${port}, https://*.${appsDomain}:${port} {`,
    )
  );
}
