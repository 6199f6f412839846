import type { Locator, Page } from "playwright-core";

/** Files and folders of this machine, dropped on an element as from a file manager. */
export async function dropFiles(page: Page, target: Locator, files: readonly string[]): Promise<void> {
  const box = await target.boundingBox();
  if (!box) throw new Error("There is nothing to drop them on.");
  const session = await page.context().newCDPSession(page);
  const at = {
    ...{ x: Math.round(box.x + box.width / 2), y: Math.round(box.y + box.height - 2) },
    data: { items: [], files: [...files], dragOperationsMask: 1 },
  };
  for (const type of ["dragEnter", "dragOver", "drop"] as const)
    await session.send("Input.dispatchDragEvent", { type, ...at });
  await session.detach();
}

/** Drags by hand, to a place of the target given in shares of its width and height. */
export async function dragTo(
  page: Page,
  from: Locator,
  target: Locator,
  across: number,
  down: number,
): Promise<void> {
  const [start, end] = [await from.boundingBox(), await target.boundingBox()];
  if (!start || !end) throw new Error("There is nothing to drag.");
  await page.mouse.move(start.x + start.width / 2, start.y + start.height / 2);
  await page.mouse.down();
  // What is under the pointer has to notice it on the way.
  await page.mouse.move(end.x + end.width * across, end.y + end.height * down, { steps: 12 });
  await page.mouse.move(end.x + end.width * across - 1, end.y + end.height * down);
  await page.mouse.up();
}
