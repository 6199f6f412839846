/** The variables that Ghost knows, as they are: text, or absent. */
export type Env = Partial<Record<(typeof names)[number], string>>;

const names = [
  "GHOST_HOME",
  "GHOST_URL",
  "GHOST_HOST",
  "GHOST_PORT",
  "GHOST_TLS_CERT",
  "GHOST_TLS_KEY",
  "GHOST_APPS_DOMAIN",
  "GHOST_BACKENDS",
  "GHOST_EXTENSIONS_GALLERY",
  "GHOST_LOG_LEVEL",
  "GHOST_MASTER_KEY",
  "GHOST_MASTER_KEY_FILE",
  "GHOST_TRUSTED_PROXIES",
  "GHOST_MAX_CAVES_PER_USER",
  "GHOST_MAX_TOKENS_PER_USER",
  "GHOST_STOP_GRACE_MS",
  "GHOST_READY_TIMEOUT_MS",
  "GHOST_EXECUTOR_POOL",
  "GHOST_EXECUTOR_MEMORY_MB",
  "GHOST_EXECUTOR_CONCURRENCY",
  "GHOST_EXECUTOR_QUEUE",
  "GHOST_EXECUTOR_WARM_AFTER_MS",
  "GHOST_EXECUTOR_RUNTIME",
  "GHOST_EXECUTOR_NETWORK",
  "GHOST_RUNS_KEPT_DAYS",
  "GHOST_RUNS_KEPT_PER_USER",
  "DOCKER_HOST",
  "DOCKER_CERT_PATH",
  "DOCKER_CONFIG",
] as const;

/**
 * The only reader of the environment. Takes what it read out of it, so that no process Ghost starts inherits a key, and names what it does
 * not know: a misspelt variable is not silently a default.
 */
export function readEnv(env: NodeJS.ProcessEnv = process.env): { values: Env; unknown: string[] } {
  const values: Env = {};
  for (const name of names) {
    const value = env[name];
    if (value !== undefined && value !== "") values[name] = value;
  }
  delete env["GHOST_MASTER_KEY"];
  const unknown = Object.keys(env).filter((name) => name.startsWith("GHOST_") && !isName(name));
  return { values, unknown };
}

const isName = (name: string): boolean =>
  (names as readonly string[]).includes(name) || name === "GHOST_TOKEN";
