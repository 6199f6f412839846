import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { aptInstall, asRoot, isRoot } from "./as-root.ts";
import { findEngine, type Engine, type Refusal } from "./engine-client.ts";
import { Failure } from "./failure.ts";
import { ask } from "./run.ts";
import type { Setup } from "./setup.ts";

/** The user may use the engine after joining this group, but the running session has not joined it yet. */
export class NeedsGroup extends Error {
  readonly group = "docker";
}

/** An engine that answers: the one that is there, else one that we start, else one that we install and start. */
export async function ensureEngine(setup: Setup): Promise<Engine> {
  const first = await findEngine(setup.env);
  if (first.kind === "found") return first.engine;
  if (first.kind === "denied") return joinGroup(setup, first);
  if (first.chosen)
    throw new Failure(
      `The Docker engine at ${first.where} does not answer (${first.reason}).`,
      "DOCKER_HOST or the docker CLI's context names it. Start that engine, or unset DOCKER_HOST (`docker context use default`) to use this machine's own.",
    );
  if (!(await commandExists("dockerd"))) await installEngine(setup);
  const now = await findEngine(setup.env); // a package may have started it
  if (now.kind === "found") return now.engine;
  return now.kind === "denied" ? joinGroup(setup, now) : startEngine(setup);
}

async function installEngine(setup: Setup): Promise<void> {
  if (process.platform !== "linux" || !existsSync("/usr/bin/apt-get"))
    throw new Failure(
      "Ghost makes its caves with Docker, and no Docker engine answers here.",
      process.platform === "darwin"
        ? "Install and start Docker Desktop (or Colima), then run the command again."
        : "Install Docker with your system's packages, start it, then run the command again.",
    );
  setup.terminal.line("No Docker engine answers: installing docker.io.");
  // Newer releases keep the client and BuildKit in packages of their own; without them an image takes longer to build.
  const extra = "$(apt-cache search --names-only '^docker-(cli|buildx)$' | cut -d' ' -f1)";
  await asRoot(setup, "Docker must be installed.", [aptInstall(`docker.io iptables ${extra}`)]);
}

async function startEngine(setup: Setup): Promise<Engine> {
  const log = join(setup.paths.logs, "dockerd.log");
  const bySystemd = existsSync("/run/systemd/system");
  setup.terminal.live("Starting the Docker engine");
  mkdirSync(setup.paths.logs, { recursive: true });
  rmSync(log, { force: true });
  if (bySystemd) await asRoot(setup, "The Docker engine must be started.", ["systemctl enable --now docker"]);
  // A session of its own: it lives on when this command and its terminal end.
  else
    await asRoot(setup, "The Docker engine must be started.", [
      `setsid dockerd >> '${log}' 2>&1 < /dev/null &`,
    ]);
  const until = Date.now() + 30_000;
  while (Date.now() < until) {
    const attempt = await findEngine(setup.env);
    if (attempt.kind === "found") {
      setup.terminal.done(`Docker engine started${bySystemd ? "" : ` (its log: ${log})`}`);
      return attempt.engine;
    }
    if (attempt.kind === "denied") return joinGroup(setup, attempt);
    if (lastLines(log).includes("failed to start daemon")) break;
    await delay(250, undefined, { signal: setup.signal });
  }
  throw new Failure(
    `The Docker engine did not come up.\n${bySystemd ? "" : lastLines(log)}`,
    bySystemd
      ? "`journalctl -u docker -n 50` says why."
      : `Its log is ${log}. In a container, dockerd needs --privileged and a volume at /var/lib/docker; otherwise set DOCKER_HOST to an engine elsewhere.`,
  );
}

async function joinGroup(setup: Setup, attempt: Refusal): Promise<never> {
  const { username } = userInfo();
  const members =
    /^docker:[^:]*:[^:]*:(.*)$/m.exec(readFileSync("/etc/group", "utf8"))?.[1]?.split(",") ?? [];
  if (attempt.chosen || isRoot() || process.env["GHOST_IN_GROUP"])
    throw new Failure(
      `This user may not talk to the Docker engine at ${attempt.where}.`,
      `Give ${username} access to that socket and run the command again.`,
    );
  if (!members.includes(username))
    await asRoot(setup, `${username} may not talk to the Docker engine yet.`, [
      `usermod -aG docker ${username}`,
    ]);
  throw new NeedsGroup();
}

/** Runs this same command again as a member of the group. */
export async function againInGroup({ group }: NeedsGroup): Promise<number> {
  const command = [process.execPath, ...process.argv.slice(1)]
    .map((word) => `'${word.replaceAll("'", "'\\''")}'`)
    .join(" ");
  const child = spawn("sg", [group, "-c", `exec ${command}`], {
    stdio: "inherit",
    env: { ...process.env, GHOST_IN_GROUP: "1" },
  });
  return new Promise((resolve, reject) => {
    child.once("error", (error) =>
      reject(
        new Failure(
          `You are a member of the group ${group} now, but this session does not know it yet (${error.message}).`,
          "Log out and in again, then run the command again.",
        ),
      ),
    );
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

async function commandExists(name: string): Promise<boolean> {
  return (await ask("sh", ["-c", `command -v ${name} || ls /usr/sbin/${name}`])) !== undefined;
}

function lastLines(log: string): string {
  try {
    return readFileSync(log, "utf8").trimEnd().split("\n").slice(-6).join("\n");
  } catch {
    return "";
  }
}
