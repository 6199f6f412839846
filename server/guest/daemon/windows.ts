import { z } from "zod";
import { said } from "./said.ts";
import { DesktopWindow } from "#contract/cave.ts";
import { mostDesktopWindows } from "#contract/daemon.ts";

const mostTitle = 200;
const mostClass = 100;

const words = (most: number) =>
  z
    .string()
    .max(4096)
    .transform((text) => said(text, most));

/** Any program in the cave may open windows and call them what it likes. */
export const Windows = z
  .array(z.strictObject({ ...DesktopWindow.shape, title: words(mostTitle), class: words(mostClass) }))
  .max(mostDesktopWindows);
