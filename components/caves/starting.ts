import type { StartStage } from "#contract/cave.ts";

/** What goes on in each stage of making or starting a cave. */
export const stageWords: Record<StartStage, string> = {
  image: "Getting the image",
  create: "Creating",
  start: "Starting",
  ready: "Waiting until it answers",
};
