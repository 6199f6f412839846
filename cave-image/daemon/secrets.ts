import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { setSecretVariables } from "./lib/environment.ts";
import { readObject, sendJson, type Handler } from "./lib/exchange.ts";
import { textMap } from "./lib/fields.ts";
import { runFolder } from "./lib/run-folder.ts";

const folder = `${runFolder}/secrets`;

/** All secrets of the cave, from now on: files that only its user can read, and variables of what starts later. */
export const putSecrets: Handler = async ({ req, res }) => {
  const values = textMap(await readObject(req), "secrets");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const [name, value] of Object.entries(values)) {
    const fresh = `${folder}/.${name}`;
    await rm(fresh, { force: true });
    await writeFile(fresh, value, { mode: 0o400, flag: "wx" });
    await rename(fresh, `${folder}/${name}`);
  }
  for (const name of await readdir(folder)) {
    if (!Object.hasOwn(values, name)) await rm(`${folder}/${name}`, { force: true, recursive: true });
  }
  setSecretVariables(values);
  sendJson(res, {});
};
