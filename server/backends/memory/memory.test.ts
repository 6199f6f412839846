import { backendContract } from "../backend.contract.ts";
import type { Fixture } from "../contract/fixture.ts";
import { createMemoryBackend } from "./memory-backend.ts";
import { MemoryWorld } from "./world.ts";

function openFixture(): Promise<Fixture> {
  const world = new MemoryWorld({
    images: { plain: {}, talks: { daemon: 1, output: "to stdout\nto stderr\n" }, exits: { exits: 1 } },
  });
  return Promise.resolve({
    images: { plain: "plain", talks: "talks", exits: "exits", alone: "plain" },
    open: (instance = "contract") => Promise.resolve(createMemoryBackend({ world, instance })),
    echo: (_backend, id, port) => {
      world.serve(id, port, (stream) => stream.pipe(stream));
      return Promise.resolve();
    },
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  });
}

backendContract("memory", openFixture);
