export const workspace = "/workspace";

export const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1) || path;
export const parentOf = (path: string): string => path.slice(0, Math.max(1, path.lastIndexOf("/"))) || "/";
export const join = (folder: string, name: string): string => `${folder === "/" ? "" : folder}/${name}`;
export const isUnder = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder === "/" ? "/" : `${folder}/`);

/** What the API takes as one name of a path. */
export function nameProblem(name: string): string | undefined {
  if (name === "") return "Give it a name.";
  if (name === "." || name === "..") return "That name means a folder above.";
  if (name.includes("\0")) return "A name has no NUL.";
  if (new TextEncoder().encode(nameOf(name)).length > 255) return "That name is too long.";
  return undefined;
}
