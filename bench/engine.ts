import Docker from "dockerode";

/** The engine itself, for references: what the same thing costs without Ghost. */
export const engine = new Docker();

/** Whatever of an instance the engine holds. */
export async function countObjects(): Promise<{ containers: number; volumes: number; networks: number }> {
  const filters = { label: ["ghost.instance"] };
  const [containers, volumes, networks] = await Promise.all([
    engine.listContainers({ all: true, filters }),
    engine.listVolumes({ filters }),
    engine.listNetworks({ filters }),
  ]);
  return { containers: containers.length, volumes: volumes.Volumes.length, networks: networks.length };
}

/** The create options of a cave that exists, so that the reference starts exactly the same. */
export async function specOf(caveId: string): Promise<Docker.ContainerCreateOptions> {
  const found = await engine.getContainer(`ghost-${caveId}`).inspect();
  const hostConfig = { ...found.HostConfig, Mounts: [] as Docker.MountSettings[] };
  hostConfig.Mounts = found.Mounts.map((mount, index) => ({
    Type: "volume",
    Source: `ghost-bench-${index}`,
    Target: mount.Destination,
    ReadOnly: false,
  }));
  return {
    Image: found.Config.Image,
    User: found.Config.User,
    Env: found.Config.Env,
    Entrypoint: found.Config.Entrypoint as string[],
    Cmd: found.Config.Cmd,
    Labels: { "ghost.bench": "reference" },
    WorkingDir: found.Config.WorkingDir,
    HostConfig: hostConfig,
  };
}

/** What figures of containers depend on. */
export async function engineFacts(): Promise<Record<string, string>> {
  const facts = (await engine.info()) as {
    ServerVersion: string;
    DefaultRuntime: string;
    CgroupVersion?: string;
  };
  return {
    engine: facts.ServerVersion,
    runtime: facts.DefaultRuntime,
    cgroups: `v${facts.CgroupVersion ?? "1"}`,
  };
}
