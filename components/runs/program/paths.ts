const length = (text: string) => new TextEncoder().encode(text).length;

/** What is wrong with a name for a file of the working folder, in the API's own terms. */
export function pathProblem(path: string, taken: readonly string[] = []): string | undefined {
  if (path === "") return "Give it a name.";
  if (path.length > 1024 || path.split("/").length > 32) return "The path is too long.";
  if (path.includes("\0")) return "A name cannot hold a zero byte.";
  for (const part of path.split("/")) {
    if (part === "" || part === "." || part === "..") return "Give a path below the working folder.";
    if (length(part) > 255) return "A name has at most 255 bytes.";
  }
  for (const other of taken) {
    if (other === path) return `There is a ${path} already.`;
    if (other.startsWith(`${path}/`) || path.startsWith(`${other}/`))
      return `${other} is in the way: a name is a file or a folder.`;
  }
  return undefined;
}
