import { randomUUID } from "node:crypto";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import Docker from "dockerode";
import type { CaveSpec } from "../../server/backends/backend.ts";
import { containerOptions } from "../../server/backends/docker/container-options.ts";

export const docker = new Docker();

export interface Ran {
  readonly code: number;
  readonly output: string;
}

/** A container of the image under exactly the flags that caves get, without a network. Disposing removes it and its volumes. */
export interface TestCave extends AsyncDisposable {
  /** Runs a script in a login shell, the way a person would. */
  sh(script: string): Promise<Ran>;
}

export async function startTestCave(ref: string): Promise<TestCave> {
  const image = await docker.getImage(ref).inspect();
  const spec: CaveSpec = {
    id: `cave-test${randomUUID().slice(0, 8)}`,
    name: "image-test",
    image: {
      ref,
      id: image.Id,
      daemon: 1,
      browser: image.Config.Labels["ghost.browser"] === "true",
      sizeBytes: image.Size,
    },
    limits: { cpus: 2, memoryMb: 2048, pids: 512, diskMb: 10_240 },
    network: { mode: "none" },
    env: {},
    daemonTokenHash: "0".repeat(64),
  };
  const options = containerOptions(spec, "image-test", undefined);
  const container = await docker.createContainer(options);
  const dispose = async (): Promise<void> => {
    await container.remove({ force: true });
    for (const { Source: volume } of options.HostConfig?.Mounts ?? [])
      await docker.getVolume(volume).remove();
  };
  try {
    await container.start();
  } catch (error) {
    await dispose();
    throw error;
  }
  return { sh: (script) => sh(container, script), [Symbol.asyncDispose]: dispose };
}

async function sh(container: Docker.Container, script: string): Promise<Ran> {
  const exec = await container.exec({ Cmd: ["bash", "-lc", script], AttachStdout: true, AttachStderr: true });
  const stream = await exec.start({});
  const output = new PassThrough();
  docker.modem.demuxStream(stream, output, output);
  stream.once("end", () => output.end());
  const said = await text(output);
  return { code: (await exec.inspect()).ExitCode ?? -1, output: said.trim() };
}
