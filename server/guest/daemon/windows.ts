import { z } from "zod";
import { words } from "../../lib/said.ts";
import { DesktopWindow } from "#contract/cave.ts";
import { mostDesktopWindows } from "#contract/daemon.ts";

const mostTitle = 200;
const mostClass = 100;

/** Any program in the cave may open windows and call them what it likes. */
export const Windows = z
  .array(z.strictObject({ ...DesktopWindow.shape, title: words(mostTitle), class: words(mostClass) }))
  .max(mostDesktopWindows);
