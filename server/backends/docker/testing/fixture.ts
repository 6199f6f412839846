import { randomUUID } from "node:crypto";
import { vi } from "vitest";
import { type Fixture, soon } from "../../contract/fixture.ts";
import { type DockerBackend, openDocker } from "../open-docker.ts";
import { ensureTestImages } from "./images.ts";

/** An instance of its own on the engine that the environment names; leaves neither cave nor network nor rule. */
export interface DockerFixture extends Fixture {
  open(instance?: string): Promise<DockerBackend>;
  /** What an instance is called on the engine. */
  instance(name: string): string;
}

export async function openFixture(given: { host: string | undefined }): Promise<DockerFixture> {
  const { host } = given;
  const run = randomUUID().slice(0, 8);
  const named = new Set<string>();
  const fixture: DockerFixture = {
    images: await ensureTestImages(),
    instance: (name) => `test-${run}-${name}`,
    open: (instance = "contract") => {
      named.add(instance);
      return openDocker({ instance: fixture.instance(instance), ...(host !== undefined && { host }) });
    },
    async echo(backend, id, port) {
      const serve = `command -v socat && exec socat TCP-LISTEN:${port},fork,reuseaddr,backlog=64 EXEC:cat; exec nc -ll -p ${port} -e cat`;
      await backend.exec(id, { argv: ["sh", "-c", serve], stdin: false }, soon(600_000));
      await vi.waitFor(async () => (await backend.dial(id, port, soon())).destroy(), {
        timeout: 5_000,
        interval: 20,
      });
    },
    async [Symbol.asyncDispose]() {
      for (const instance of named) {
        await using backend = await fixture.open(instance);
        for (const { id } of await backend.list(soon()))
          await backend.remove(id, { keepWorkspace: false }, soon());
        await backend.uninstall(soon());
      }
    },
  };
  return fixture;
}
