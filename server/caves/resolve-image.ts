import type { Backend, ImageInfo } from "../backends/backend.ts";
import type { Context } from "../context.ts";
import { notBuilt, type Flavor } from "../images/images.ts";
import { AppError } from "../lib/app-error.ts";
import type { CaveRecord } from "./cave-record.ts";
import type { Report } from "./progress.ts";
import { defaultImage } from "#contract/cave.ts";
import type { ImageBuild } from "#contract/system.ts";

/** The image a cave is made from: what the engine holds, what is being built, or what a registry has, in this order. */
export async function resolveImage(
  ctx: Context,
  backend: Backend,
  wanted: Pick<CaveRecord, "image" | "services">,
  report: Report,
  signal: AbortSignal,
): Promise<ImageInfo> {
  const find = (ref: string) => ctx.images.find(backend, ref, signal);
  const flavor = flavorOf(wanted.image);
  if (flavor !== undefined) return (await find(wanted.image)) ?? built(flavor);
  if (wanted.image === defaultImage) return whatever();
  return (
    (await find(wanted.image)) ??
    backend.pull(wanted.image, (line) => report("image", "progress", line), signal)
  );

  /** The full one where it is there or needed, or else the small one; of two that are being built the one that comes first. */
  async function whatever(): Promise<ImageInfo> {
    const full = await find(`${defaultImage}:full`);
    if (full) return full;
    if (wanted.services.length > 0 && buildOf("full").state === "building") return built("full");
    const other = (await find(`${defaultImage}:base`)) ?? (await find(defaultImage));
    if (other) return other;
    return built(buildOf("base").state === "building" ? "base" : "full");
  }

  async function built(which: Flavor): Promise<ImageInfo> {
    await ctx.images.waitFor(which, (build) => report("image", "progress", saying(build)), signal);
    const info = await find(`${defaultImage}:${which}`);
    if (info) return info;
    throw notBuilt({ ...buildOf(which), state: "missing" });
  }

  function buildOf(which: Flavor): ImageBuild {
    const build = ctx.images.list().find((one) => one.flavor === which);
    if (build) return build;
    throw new AppError("image_not_found", `There is no image ${defaultImage}:${which}.`);
  }
}

function flavorOf(ref: string): Flavor | undefined {
  if (ref === `${defaultImage}:base`) return "base";
  return ref === `${defaultImage}:full` ? "full" : undefined;
}

function saying({ image, step, steps, line }: ImageBuild): string {
  const place = step !== undefined && steps !== undefined ? ` (step ${step} of ${steps})` : "";
  return `${image} is being built${place}${line === undefined ? "" : `: ${line}`}`;
}
