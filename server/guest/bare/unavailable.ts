import { AppError } from "../../lib/app-error.ts";

/** For what needs Ghost's daemon in the cave. */
export function unavailable(what: string, instead = "use the image ghost/cave"): Promise<never> {
  return Promise.reject(
    new AppError(
      "surface_unavailable",
      `This cave's image is not Ghost's, so it has no ${what}: ${instead}.`,
    ),
  );
}
