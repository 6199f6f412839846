import Docker from "dockerode";

const docker = new Docker();

export interface EngineObjects {
  containers: string[];
  volumes: string[];
}

/** What the engine holds of one instance, by cave id, sorted. */
export async function objectsOf(instance: string): Promise<EngineObjects> {
  const filters = { label: [`ghost.instance=${instance}`] };
  const [containers, volumes] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listVolumes({ filters }),
  ]);
  const cave = (labels: Record<string, string> | null) => labels?.["ghost.cave"] ?? "";
  return {
    containers: containers.map((one) => cave(one.Labels)).sort(),
    volumes: [...new Set(volumes.Volumes.map((one) => cave(one.Labels)))].sort(),
  };
}

/** The instance that a cave's container belongs to. */
export async function instanceOf(caveId: string): Promise<string> {
  const { Config } = await docker.getContainer(`ghost-${caveId}`).inspect();
  return Config.Labels["ghost.instance"] ?? "";
}
