import { isIP } from "node:net";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { z } from "zod";
import { Redacted } from "../lib/redacted.ts";
import type { Env } from "./env.ts";
import { executorConfig, executorSettings, type ExecutorConfig } from "./executor.ts";
import { TrustedProxies, type TrustsProxy } from "./trusted-proxies.ts";

export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

/** What a gateway is told, grouped, with every choice made. Holds no secret that prints. */
export interface Config {
  /** Folder of everything that belongs to this installation. */
  readonly home: string;
  /** Origin that people and programs use, e.g. `http://localhost:8000`. */
  readonly url: string;
  readonly listen: { readonly hosts: readonly string[]; readonly port: number };
  /** Certificate and key in files, where the gateway speaks TLS itself. */
  readonly tls?: TlsFiles;
  /** Apps are at `<surface>--<cave>.<appsDomain>`. */
  readonly appsDomain: string;
  readonly backends: readonly string[];
  /** Where VS Code in caves finds extensions, as JSON of its own; it may hold a token. Absent: its default, Open VSX. */
  readonly extensionsGallery?: Redacted<string>;
  readonly log: { readonly level: "trace" | "debug" | "info" | "warn" | "error" | "silent" };
  readonly masterKey: { readonly from: "env"; readonly value: Redacted<string> } | { readonly from: "file" };
  /** Where the engine is, in the words of the docker CLI's own variables. */
  readonly docker: { readonly host?: string; readonly certPath?: string; readonly configDir: string };
  /** Proxies whose `X-Forwarded-For` is believed. */
  readonly trustsProxy: TrustsProxy;
  readonly tokensPerUser: number;
  readonly caves: {
    readonly maxPerUser: number;
    /** How long a cave's processes have between SIGTERM and SIGKILL. */
    readonly stopGraceMs: number;
    /** How long a started cave may take until it can be used. */
    readonly readyTimeoutMs: number;
  };
  readonly executor: ExecutorConfig;
  readonly paths: {
    readonly database: string;
    readonly masterKey: string;
    readonly cli: string;
    readonly pid: string;
    readonly lock: string;
    /** Progress of the image builds, written by `npm run up`. */
    readonly images: string;
  };
}

const count = (max: number) => z.coerce.number<string>().int().min(1).max(max);
const split = (text: string) =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean);
const list = z.string().transform(split);

const Origin = z.string().transform((text, check) => {
  const url = URL.parse(text);
  const bare =
    url !== null && url.pathname === "/" && url.search === "" && url.hash === "" && url.username === "";
  if (bare && (url.protocol === "http:" || url.protocol === "https:")) return url.origin;
  check.addIssue("Give scheme, host and port alone, such as https://ghost.example.com.");
  return z.NEVER;
});
const AbsolutePath = z.string().refine(isAbsolute, "Give an absolute path.");
const Address = z
  .string()
  .refine((text) => isIP(text) > 0, "Give an IP address, such as 127.0.0.1 or 0.0.0.0.");
const Domain = z
  .string()
  .max(200)
  .regex(
    /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/,
    "Give a host name without port.",
  );

const Gallery = z.string().transform((text, check) => {
  const known = z.looseObject({ serviceUrl: z.url({ protocol: /^https?$/ }) });
  try {
    return new Redacted(JSON.stringify(known.parse(JSON.parse(text))));
  } catch {
    check.addIssue(
      'Give VS Code\'s gallery as JSON, such as {"serviceUrl": "https://…", "itemUrl": "https://…"}.',
    );
    return z.NEVER;
  }
});

const Settings = z
  .object({
    GHOST_HOME: AbsolutePath.default(() => join(homedir(), ".ghost")),
    GHOST_URL: Origin.optional(),
    GHOST_HOST: list.pipe(z.array(Address).min(1)).optional(),
    GHOST_PORT: z.coerce.number<string>().int().min(0).max(65_535).default(8000),
    GHOST_TLS_CERT: AbsolutePath.optional(),
    GHOST_TLS_KEY: AbsolutePath.optional(),
    GHOST_APPS_DOMAIN: Domain.default("localhost"),
    GHOST_BACKENDS: list.pipe(z.array(z.string().regex(/^[a-z][a-z0-9-]*$/)).min(1)).default(["docker"]),
    GHOST_EXTENSIONS_GALLERY: Gallery.optional(),
    GHOST_LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info"),
    GHOST_MASTER_KEY: z.string().optional(),
    GHOST_MASTER_KEY_FILE: AbsolutePath.optional(),
    GHOST_TRUSTED_PROXIES: z.string().default("").transform(split).pipe(TrustedProxies),
    GHOST_MAX_CAVES_PER_USER: count(100_000).default(200),
    GHOST_MAX_TOKENS_PER_USER: count(10_000).default(200),
    GHOST_STOP_GRACE_MS: z.coerce.number<string>().int().min(0).max(300_000).default(10_000),
    GHOST_READY_TIMEOUT_MS: z.coerce.number<string>().int().min(1000).max(600_000).default(60_000),
    ...executorSettings,
    DOCKER_HOST: z.string().optional(),
    DOCKER_CERT_PATH: z.string().optional(),
    DOCKER_CONFIG: z.string().optional(),
  })
  .refine((all) => all.GHOST_MASTER_KEY === undefined || all.GHOST_MASTER_KEY_FILE === undefined, {
    path: ["GHOST_MASTER_KEY"],
    message: "Give either this or GHOST_MASTER_KEY_FILE.",
  })
  .refine((all) => (all.GHOST_TLS_CERT === undefined) === (all.GHOST_TLS_KEY === undefined), {
    path: ["GHOST_TLS_CERT"],
    message: "Give both this and GHOST_TLS_KEY, or neither.",
  })
  .refine((all) => all.GHOST_TLS_CERT === undefined || all.GHOST_URL?.startsWith("https:") !== false, {
    path: ["GHOST_URL"],
    message: "With GHOST_TLS_CERT this begins with https://.",
  })
  .refine(
    (all) => all.GHOST_URL === undefined || !isBelow(new URL(all.GHOST_URL).hostname, all.GHOST_APPS_DOMAIN),
    {
      path: ["GHOST_APPS_DOMAIN"],
      message: "The dashboard's own host (GHOST_URL) must not be below the domain of the apps.",
    },
  );

const isBelow = (host: string, domain: string) => host !== domain && host.endsWith(`.${domain}`);

/** Throws one error that names everything wrong with the settings. */
export function parseConfig(env: Env): Config {
  const parsed = Settings.safeParse(env);
  if (!parsed.success) throw new Error(`Ghost cannot start:\n${z.prettifyError(parsed.error)}`);
  const all = parsed.data;
  const home = all.GHOST_HOME;
  const { GHOST_TLS_CERT: cert, GHOST_TLS_KEY: key } = all;
  const tls = cert !== undefined && key !== undefined ? { cert, key } : undefined;
  const url = all.GHOST_URL ?? `${tls ? "https" : "http"}://localhost:${all.GHOST_PORT}`;
  const local = new URL(url).hostname === "localhost";
  return {
    home,
    url,
    listen: { hosts: all.GHOST_HOST ?? (local ? ["127.0.0.1", "::1"] : ["127.0.0.1"]), port: all.GHOST_PORT },
    ...(tls && { tls }),
    appsDomain: all.GHOST_APPS_DOMAIN,
    backends: all.GHOST_BACKENDS,
    ...(all.GHOST_EXTENSIONS_GALLERY && { extensionsGallery: all.GHOST_EXTENSIONS_GALLERY }),
    log: { level: all.GHOST_LOG_LEVEL },
    masterKey:
      all.GHOST_MASTER_KEY === undefined
        ? { from: "file" }
        : { from: "env", value: new Redacted(all.GHOST_MASTER_KEY) },
    docker: {
      ...(all.DOCKER_HOST !== undefined && { host: all.DOCKER_HOST }),
      ...(all.DOCKER_CERT_PATH !== undefined && { certPath: all.DOCKER_CERT_PATH }),
      configDir: all.DOCKER_CONFIG ?? join(homedir(), ".docker"),
    },
    trustsProxy: all.GHOST_TRUSTED_PROXIES,
    tokensPerUser: all.GHOST_MAX_TOKENS_PER_USER,
    caves: {
      maxPerUser: all.GHOST_MAX_CAVES_PER_USER,
      stopGraceMs: all.GHOST_STOP_GRACE_MS,
      readyTimeoutMs: all.GHOST_READY_TIMEOUT_MS,
    },
    executor: executorConfig(all),
    paths: {
      database: join(home, "ghost.db"),
      masterKey: all.GHOST_MASTER_KEY_FILE ?? join(home, "master.key"),
      cli: join(home, "cli.json"),
      pid: join(home, "gateway.pid"),
      lock: join(home, "gateway.lock"),
      images: join(home, "images.json"),
    },
  };
}
