import { expect, it } from "vitest";
import { droppedFiles } from "./dropped-files.ts";

type Tree = { readonly [name: string]: Tree | string };

/** Entries as browsers give them: a folder's in parts, until there are none. */
function entryOf(name: string, content: Tree | string): FileSystemEntry {
  if (typeof content === "string")
    return {
      ...{ isFile: true, name },
      file: (done: (file: File) => void) => done(new File([content], name)),
    } as unknown as FileSystemEntry;
  return {
    ...{ isFile: false, name },
    createReader() {
      const rest = Object.entries(content).map(([name, one]) => entryOf(name, one));
      return { readEntries: (done: (some: FileSystemEntry[]) => void) => done(rest.splice(0, 2)) };
    },
  } as unknown as FileSystemEntry;
}
const dropped = (tree: Tree) =>
  droppedFiles(
    {
      items: Object.entries(tree).map(([name, content]) => ({
        webkitGetAsEntry: () => entryOf(name, content),
      })) as unknown as DataTransferItemList,
    },
    "/workspace/in",
  );

it("finds all that is in dropped folders, also what comes later and what is empty", async () => {
  const { files, emptyFolders } = await dropped({
    "a.txt": "a",
    folder: { "b.txt": "b", "c.txt": "c", deep: { "d.txt": "d" }, none: {} },
  });
  expect(files.map(({ path }) => path)).toEqual([
    "/workspace/in/a.txt",
    "/workspace/in/folder/b.txt",
    "/workspace/in/folder/c.txt",
    "/workspace/in/folder/deep/d.txt",
  ]);
  expect(emptyFolders).toEqual(["/workspace/in/folder/none"]);
});

it("stops where somebody dropped a whole disk", async () => {
  const many = Object.fromEntries(Array.from({ length: 10_001 }, (_, at) => [`f${at}`, ""]));
  await expect(dropped({ many })).rejects.toThrow("More than 10,000 files");
});
