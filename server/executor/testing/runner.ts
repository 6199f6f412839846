import { randomUUID } from "node:crypto";
import Docker from "dockerode";
import { pino } from "pino";
import { startTestServer, type TestServer } from "../../../tests/support/test-server.ts";
import { openDocker } from "../../backends/docker/open-docker.ts";
import { managed } from "../../backends/managed.ts";
import { readEnv, type Env } from "../../config/env.ts";
import type { Client } from "#contract/client.ts";
import type { Run } from "#contract/run.ts";

type Input = NonNullable<Parameters<Client["runs"]["create"]>[0]>["body"];

/** A gateway on the real engine that runs code; nothing of it is left afterwards. */
export interface Runner extends AsyncDisposable {
  readonly server: TestServer;
  readonly client: Client;
  readonly instance: string;
  run(language: string, code: string, more?: Partial<Input>): Promise<Run>;
  /** Ids of the containers that there are. */
  slots(): Promise<string[]>;
}

export async function startRunner(env: Env = {}): Promise<Runner> {
  await using stack = new AsyncDisposableStack();
  const instance = `test-${randomUUID().slice(0, 8)}`;
  const host = readEnv().values.DOCKER_HOST;
  const backend = await openDocker({ instance, ...(host !== undefined && { host }) });
  const server = stack.use(
    await startTestServer({
      backend: managed(backend, { log: pino({ level: "silent" }) }),
      env: { GHOST_EXECUTOR_POOL: "python=1,javascript=1,typescript=1,bash=1", ...env },
    }),
  );
  const owned = stack.move();
  const docker = new Docker();
  return {
    server,
    client: server.client,
    instance,
    run: (language, code, more = {}) => server.client.runs.create({ body: { language, code, ...more } }),
    async slots() {
      const found = await docker.listContainers({
        all: true,
        filters: { label: [`ghost.instance=${instance}`, "ghost.slot"] },
      });
      return found.map(({ Id }) => Id);
    },
    async [Symbol.asyncDispose]() {
      await owned.disposeAsync();
      await using cleaner = await openDocker({ instance, ...(host !== undefined && { host }) });
      await cleaner.uninstall(AbortSignal.timeout(60_000));
    },
  };
}
