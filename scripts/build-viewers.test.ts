import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { buildViewers } from "./build-viewers.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ghost-viewers-"));
  await mkdir(join(folder, "from/clock"), { recursive: true });
  await mkdir(join(folder, "from/lib"), { recursive: true });
  await writeFile(
    join(folder, "from/clock/index.html"),
    '<link rel="stylesheet" href="page.css" /><script type="module" src="page.ts"></script>',
  );
  await writeFile(join(folder, "from/clock/page.css"), "body { color: red }");
  await writeFile(
    join(folder, "from/clock/page.ts"),
    'import { say } from "../lib/say.ts"; say("one"); void import("./later.ts");',
  );
  await writeFile(join(folder, "from/clock/later.ts"), 'import { say } from "../lib/say.ts"; say("later");');
  await writeFile(
    join(folder, "from/lib/say.ts"),
    "export const say = (text: string) => void console.log(text);",
  );
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const built = () => buildViewers(join(folder, "from"), join(folder, "out"));

async function files(): Promise<Record<string, string>> {
  const names = (await readdir(join(folder, "out"), { recursive: true })).filter((name) =>
    name.includes("."),
  );
  return Object.fromEntries(
    await Promise.all(
      names.sort().map(async (name) => [name, await readFile(join(folder, "out", name), "utf8")] as const),
    ),
  );
}

it("makes pages whose every reference exists under a name that changes with its content", async () => {
  await built();
  const first = await files();
  const html = first["clock/index.html"] ?? "";
  const references = [...html.matchAll(/(?:src|href)="\/(assets\/[\w.-]+)"/g)].map(
    ([, path]) => `clock/${path ?? ""}`,
  );
  expect(references).toHaveLength(2);
  expect(Object.keys(first)).toEqual(expect.arrayContaining(references));
  expect(references.every((name) => /-[A-Z0-9]{8}\.(?:js|css)$/.test(name))).toBe(true);

  await built();
  expect(await files()).toEqual(first);

  await writeFile(join(folder, "from/clock/page.css"), "body { color: blue }");
  await built();
  const second = await files();
  expect(Object.keys(second)).toHaveLength(Object.keys(first).length); // the old one is gone
  expect(second["clock/index.html"]).not.toBe(html);
});

it("removes a page whose sources are gone, and fails on one that does not build", async () => {
  await built();
  await rm(join(folder, "from/clock"), { recursive: true });
  await built();
  expect(await files()).toEqual({});
  await mkdir(join(folder, "from/broken"));
  await writeFile(join(folder, "from/broken/index.html"), "");
  await expect(built()).rejects.toThrow(/page\.ts/);
});
