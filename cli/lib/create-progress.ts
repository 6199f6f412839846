import { setTimeout as delay } from "node:timers/promises";
import type { Cli } from "./cli.ts";
import { Failure } from "./failure.ts";
import { LiveLine } from "./live-line.ts";
import { showElapsed } from "./units.ts";
import { defaultImage, type Cave, type CreateCaveInput, type StartStage } from "#contract/cave.ts";
import { GhostError } from "#contract/client.ts";
import type { ImageBuild } from "#contract/system.ts";

interface Request {
  body: CreateCaveInput;
  headers: Record<string, string>;
}

export const doing: Record<StartStage, string> = {
  image: "Getting the image",
  create: "Creating",
  start: "Starting",
  ready: "Waiting until it answers",
};

/** Creates a cave and shows how it gets on; where the image is still being built, that too, and then the cave after all. */
export async function createWithProgress(cli: Cli, request: Request): Promise<Cave> {
  using live = new LiveLine(cli);
  for (;;) {
    try {
      return await follow(cli, live, request);
    } catch (error) {
      if (!(error instanceof GhostError) || error.code !== "image_building") throw error;
    }
    await imageBuilt(cli, live, request.body.image ?? defaultImage);
    request = { ...request, headers: { ...request.headers, "idempotency-key": crypto.randomUUID() } };
  }
}

async function follow(cli: Cli, live: LiveLine, request: Request): Promise<Cave> {
  const client = await cli.api();
  let shown = doing.create;
  let since = performance.now();
  const draw = () => live.show(`${shown}… ${showElapsed(performance.now() - since)}`);
  const timer = setInterval(draw, 100);
  try {
    for await (const event of client.caves.create.events(
      { ...request, query: { wait: "ready" } },
      cli.call,
    )) {
      if (event.event === "cave") return event.data;
      const { stage, status, message, elapsedMs } = event.data;
      const text = doing[stage] + (message === undefined ? "" : `: ${message}`);
      if (text !== shown && status === "started") since = performance.now();
      shown = text;
      draw();
      if (!live.isLive && status !== "progress")
        cli.note(
          `${showElapsed(elapsedMs).padStart(7)}  ${stage} ${status}${message === undefined ? "" : `: ${message}`}`,
        );
    }
  } finally {
    clearInterval(timer);
    live.clear();
  }
  throw new Failure("The gateway ended the answer before the cave was ready.", {
    hint: "`ghost list` tells what became of it.",
  });
}

/** The first build that this cave could be made from, once there is one. */
async function imageBuilt(cli: Cli, live: LiveLine, image: string): Promise<void> {
  const client = await cli.api();
  let last = "";
  for (;;) {
    const { images } = await client.system.images({}, cli.call);
    const wanted = images.filter((one) => image === defaultImage || one.image === image);
    if (wanted.some((one) => one.state === "ready")) return;
    const build = wanted.find((one) => one.state === "building");
    if (build === undefined) {
      const failed = wanted.find((one) => one.state === "failed");
      throw new Failure(
        `${image} could not be built${failed?.error === undefined ? "" : `: ${failed.error}`}.`,
        {
          code: "image_building",
          hint: "Run `npm run up` again; its output tells more.",
        },
      );
    }
    const text = describeBuild(build);
    live.show(build.line === undefined ? text : `${text}: ${build.line}`);
    if (!live.isLive && text !== last) cli.note(text);
    last = text;
    await delay(500, undefined, cli.call);
  }
}

export function describeBuild({ image, state, step, steps }: ImageBuild): string {
  if (state !== "building") return `${image} is ${state}`;
  return `${image} is being built${step === undefined ? "" : `, step ${step}${steps === undefined ? "" : ` of ${steps}`}`}`;
}
