import { setMaxListeners } from "node:events";
import type { Backend } from "../backend.ts";
import { Addresses } from "./addresses.ts";
import { getArchive, putArchive } from "./archive.ts";
import { Background } from "./background.ts";
import { BridgeNetwork } from "./bridge-network.ts";
import { connect } from "./client.ts";
import { Containers } from "./containers.ts";
import { create } from "./create.ts";
import { dial } from "./dial.ts";
import { diskUse } from "./disk-use.ts";
import { type AddressOptions, engineAddress } from "./engine-address.ts";
import type { Engine } from "./engine.ts";
import { folded } from "./errors.ts";
import { events } from "./events.ts";
import { exec } from "./exec.ts";
import { image, pull } from "./image.ts";
import { info } from "./info.ts";
import { inspect, list } from "./list.ts";
import { LiveExecs } from "./live-execs.ts";
import { logs } from "./logs.ts";
import { pause, resume } from "./pause.ts";
import { remove } from "./remove.ts";
import { Skeleton } from "./skeleton.ts";
import { dockerSlots } from "./slots/docker-slots.ts";
import { start } from "./start.ts";
import { stats } from "./stats.ts";
import { stop } from "./stop.ts";
import { uninstall } from "./uninstall.ts";
import { update } from "./update.ts";

export interface DockerOptions extends AddressOptions {
  /** On the labels of all that is ours. Two gateways with different instances do not see each other's caves. */
  instance: string;
  /** Lets caves reach the private networks around the host. Default: no. */
  allowPrivateNetworks?: boolean;
}

export interface DockerBackend extends Backend {
  /** Removes the caves' network and its firewall rules. */
  uninstall(signal: AbortSignal): Promise<void>;
}

/** Opens at once, whether the engine is there or not: the first verb connects. */
export async function openDocker(options: DockerOptions): Promise<DockerBackend> {
  const client = connect(await engineAddress(options));
  const { docker } = client;
  const { instance } = options;
  const closing = new AbortController();
  setMaxListeners(0, closing.signal); // every connection to a cave listens
  const background = new Background();
  const containers = new Containers(docker, instance);
  const engine: Engine = {
    docker,
    instance,
    containers,
    background,
    closing: closing.signal,
    addresses: new Addresses({ docker, instance, containers, background, closing: closing.signal }),
    network: new BridgeNetwork(docker, instance, options.allowPrivateNetworks ?? false),
    skeleton: new Skeleton(docker, instance),
    live: new LiveExecs(),
    staying: new Set(),
    withoutSocat: new Set(),
  };
  return {
    name: "docker",
    can: { pause: true, networks: ["open", "none"], diskLimit: false },
    info: (signal) => info(engine, signal),
    image: (ref, signal) => folded(signal, () => image(engine, ref, signal)),
    pull: (ref, progress, signal) => folded(signal, () => pull(engine, ref, progress, signal)),
    create: (spec, signal) => folded(signal, () => create(engine, spec, signal)),
    start: (id, signal) => folded(signal, () => start(engine, id, signal)),
    stop: (id, graceMs, signal) => folded(signal, () => stop(engine, id, graceMs, signal)),
    remove: (id, how, signal) => folded(signal, () => remove(engine, id, how, signal)),
    list: (signal) => folded(signal, () => list(engine, signal)),
    inspect: (id, signal) => folded(signal, () => inspect(engine, id, signal)),
    events: (signal) => events(engine, signal),
    exec: (id, spec, signal) => folded(signal, () => exec(engine, id, spec, signal)),
    dial: (id, port, signal) => folded(signal, () => dial(engine, id, port, signal)),
    logs: (id, how, signal) => folded(signal, () => logs(engine, id, how, signal)),
    stats: (id, signal) => folded(signal, () => stats(engine, id, signal)),
    putArchive: (id, path, tar, signal) => folded(signal, () => putArchive(engine, id, path, tar, signal)),
    getArchive: (id, path, signal) => folded(signal, () => getArchive(engine, id, path, signal)),
    update: (id, limits, signal) => folded(signal, () => update(engine, id, limits, signal)),
    pause: (id, signal) => folded(signal, () => pause(engine, id, signal)),
    resume: (id, signal) => folded(signal, () => resume(engine, id, signal)),
    diskUse: (signal) => folded(signal, () => diskUse(engine, signal)),
    uninstall: (signal) => folded(signal, () => uninstall(engine, signal)),
    slots: dockerSlots(engine),
    [Symbol.asyncDispose]: async () => {
      closing.abort();
      await background.idle();
      client.close();
    },
  };
}
