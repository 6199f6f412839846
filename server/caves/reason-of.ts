import { isAppError } from "../lib/app-error.ts";
import { said } from "../lib/said.ts";

const mostReason = 500;

/** Why a cave is not what it was meant to be, for its record: what an engine or a registry says is somebody else's text. */
export const reasonOf = (error: unknown, otherwise: string): string =>
  isAppError(error) ? said(error.message, mostReason) : otherwise;
