import { within } from "./client.ts";
import type { Engine } from "./engine.ts";
import { fold, statusOf } from "./errors.ts";
import { caveLabel, helperLabel, instanceLabel, type Labels, labelsOf, workspaceVolume } from "./labels.ts";

/**
 * Makes a cave's workspace belong to its user. The engine copies a folder of the image, owner included, into a new volume when a container is
 * *made* with it; a foreign image has no such folder, so a second container, never started, brings it. (An archive put into the
 * volume would do as well, at 30 ms instead of none: both are made at the same time.)
 */
export async function ownVolume(
  engine: Engine,
  spec: { id: string; name: string },
  signal: AbortSignal,
): Promise<void> {
  const labels = labelsOf(engine.instance, spec);
  const helper = await makeHelper(engine, spec.id, labels, signal).catch(async (error: unknown) => {
    if (fold(error).code !== "image_not_found") throw error;
    await engine.skeleton.make();
    return makeHelper(engine, spec.id, labels, signal);
  });
  engine.background.add(helper.remove({ force: true }));
}

function makeHelper(engine: Engine, id: string, volumeLabels: Labels, signal: AbortSignal) {
  return engine.docker.createContainer({
    Image: engine.skeleton.ref,
    Cmd: ["never-started"],
    Labels: { [instanceLabel]: engine.instance, [helperLabel]: id },
    NetworkDisabled: true,
    HostConfig: {
      NetworkMode: "none",
      Mounts: [
        {
          Type: "volume",
          Source: workspaceVolume(id),
          Target: "/workspace",
          VolumeOptions: {
            NoCopy: false,
            Labels: volumeLabels,
            DriverConfig: { Name: "local", Options: {} },
          },
        },
      ],
    },
    abortSignal: signal,
  });
}

/** Helpers that a killed gateway left behind, or those of one cave. */
export async function removeHelpers(
  engine: Engine,
  of: { cave: string } | { olderThanMs: number },
  signal: AbortSignal,
): Promise<void> {
  const label = [
    `${instanceLabel}=${engine.instance}`,
    "cave" in of ? `${helperLabel}=${of.cave}` : helperLabel,
  ];
  const helpers = await engine.docker.listContainers({ all: true, filters: { label }, ...within(signal) });
  const due = helpers.filter(
    ({ Created, Labels }) =>
      !(caveLabel in Labels) && // a hostile image can bear the helper's label, but not take the cave's off
      ("cave" in of || Date.now() - Created * 1000 > of.olderThanMs),
  );
  await Promise.all(
    due.map(({ Id }) =>
      engine.docker
        .getContainer(Id)
        .remove({ force: true, ...within(signal) })
        .catch((error: unknown) => {
          if (statusOf(error) !== 404 && statusOf(error) !== 409) throw error;
        }),
    ),
  );
}
