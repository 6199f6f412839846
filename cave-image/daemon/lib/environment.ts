/** What the daemon was told in its environment, taken out of it so that no process of the cave inherits it. */
export function takeVariable(name: string): string | undefined {
  const value = process.env[name];
  Reflect.deleteProperty(process.env, name);
  return value;
}

const forUsers = new Set(["GHOST_CAVE_ID", "GHOST_CAVE_NAME"]);
const defaults = { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: "/home/ghost", LANG: "C.UTF-8" };

// How the image has the daemon use memory is nothing for other programs.
takeVariable("GLIBC_TUNABLES");

const base: Record<string, string> = { ...defaults };
for (const [name, value] of Object.entries(process.env)) {
  if (value !== undefined && (!name.startsWith("GHOST_") || forUsers.has(name))) base[name] = value;
}

let given: Record<string, string> = {};
let secrets: Record<string, string> = {};

/** What depends on the gateway's settings, which may be others than when the container was made. */
export function setGatewayVariables(values: Record<string, string>): void {
  given = { ...values };
}

/** From now on every process that starts gets these. */
export function setSecretVariables(values: Record<string, string>): void {
  secrets = { ...values };
}

/** The environment of a process of the cave: the container's own, without what concerns the daemon alone. */
export function childEnvironment(extra: Record<string, string> = {}): Record<string, string> {
  return { ...base, ...given, ...secrets, ...extra };
}
