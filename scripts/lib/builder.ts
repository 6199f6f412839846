import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Engine } from "./engine-client.ts";
import { ask, run, type RunResult } from "./run.ts";

export interface Build {
  readonly context: string;
  readonly target: string;
  readonly image: string;
  readonly args: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
}

/** BuildKit builds independent stages at once, and only those that the target needs; the classic builder does with any engine. */
export interface Builder {
  readonly name: "BuildKit" | "classic builder";
  build(build: Build): Promise<RunResult>;
}

export async function findBuilder(engine: Engine): Promise<Builder> {
  for (const docker of dockerCommands(engine.env)) {
    if ((await ask(docker, ["buildx", "version"], engine.env)) !== undefined)
      return {
        name: "BuildKit",
        build: (build) =>
          buildWith(engine, docker, ["buildx", "build", "--load", "--builder", "default"], build),
      };
    const version = await ask(docker, ["--version"], engine.env);
    const major = Number(/version (\d+)\./.exec(version ?? "")?.[1] ?? 0);
    // From 23 on the client needs the buildx plugin for BuildKit; before, it has it built in.
    if (major >= 19 && major < 23)
      return { name: "BuildKit", build: (build) => buildWith(engine, docker, ["build"], build) };
  }
  return { name: "classic builder", build: (build) => buildClassic(engine, build) };
}

/** Every docker client there is: a newer one without its plugin may hide an older one that can do more. */
function dockerCommands(env: NodeJS.ProcessEnv): string[] {
  const folders = [...(env["PATH"] ?? "").split(delimiter), "/usr/bin", "/usr/local/bin"];
  return [...new Set(folders.filter(Boolean).map((folder) => join(folder, "docker")))].filter((path) =>
    existsSync(path),
  );
}

function buildWith(
  engine: Engine,
  docker: string,
  command: readonly string[],
  build: Build,
): Promise<RunResult> {
  const options = [
    ...["--progress", "plain", "--target", build.target, "--tag", build.image],
    ...Object.entries(build.args).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]),
    ...Object.entries(build.labels).flatMap(([name, value]) => ["--label", `${name}=${value}`]),
  ];
  return run(docker, [...command, ...options, build.context], {
    env: { ...engine.env, DOCKER_BUILDKIT: "1", BUILDX_NO_DEFAULT_ATTESTATIONS: "1" },
    signal: build.signal,
    onLine: build.onLine,
    ownGroup: true,
  });
}

async function buildClassic({ docker }: Engine, build: Build): Promise<RunResult> {
  const tail: string[] = [];
  const say = (text: string): void => {
    for (const line of text.split("\n").filter((part) => part.trim() !== "")) {
      tail.push(line);
      if (tail.length > 40) tail.shift();
      build.onLine(line);
    }
  };
  const stream = await docker.buildImage(
    { context: build.context, src: readdirSync(build.context) },
    {
      ...{ t: build.image, target: build.target, rm: true, forcerm: true, abortSignal: build.signal },
      ...{ buildargs: { ...build.args }, labels: { ...build.labels } },
    },
  );
  try {
    await new Promise<void>((resolve, reject) => {
      docker.modem.followProgress(
        stream,
        (error) => (error ? reject(error) : resolve()),
        (event: { stream?: string; error?: string }) => say(event.stream ?? event.error ?? ""),
      );
    });
    return { code: 0, tail };
  } catch (error) {
    build.signal.throwIfAborted();
    say((error as Error).message);
    return { code: 1, tail };
  }
}
