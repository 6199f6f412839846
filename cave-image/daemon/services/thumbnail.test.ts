import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startDaemon, type TestDaemon } from "../testing/daemon.ts";

/** Stand for the X server, its window manager, and the program that takes pictures of it. */
const programs = {
  Xvnc: `#!${process.execPath}
require("node:net").createServer().listen(process.argv[process.argv.indexOf("-rfbunixpath") + 1]);`,
  openbox: "#!/bin/sh\nexec sleep 1000",
  scrot: `#!/bin/sh
[ ! -e "$HOME/blind" ] || exit 2
for last; do :; done
printf full > "$last"
printf '%s' "$DISPLAY $*" > "\${last%.jpg}-thumb.jpg"`,
};

let folder: string;
let daemon: TestDaemon;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "caved-thumbnail-"));
  await chmod(folder, 0o755);
  for (const name of ["bin", "run", "tmp"]) await mkdir(`${folder}/${name}`);
  for (const name of ["run", "tmp"]) await chmod(`${folder}/${name}`, 0o777);
  for (const [name, text] of Object.entries(programs))
    await writeFile(`${folder}/bin/${name}`, text, { mode: 0o755 });
  daemon = await startDaemon({
    PATH: `${folder}/bin:/usr/bin:/bin`,
    GHOST_DAEMON_RUN: `${folder}/run`,
    TMPDIR: `${folder}/tmp`,
  });
});
afterAll(async () => {
  await daemon[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const shoot = (width: string) => daemon.request("GET", `/desktop/thumbnail?width=${width}`);

it("is taken of a desktop that runs, without starting one, and leaves nothing behind", async () => {
  expect((await shoot("320")).json).toMatchObject({ code: "surface_stopped" });
  expect((await daemon.request("GET", "/services")).json).toMatchObject({ desktop: { state: "stopped" } });
  expect((await daemon.request("POST", "/services/desktop/start")).json).toMatchObject({ state: "ready" });

  const reply = await shoot("320");
  expect([reply.status, reply.headers["content-type"]]).toEqual([200, "image/jpeg"]);
  expect(reply.body.toString()).toMatch(/^:1 --quality \d+ --thumb 320x0 \S+\.jpg$/);
  for (const width of ["", "0", "15", "1921", "1.5", "x", "320;ls"])
    expect((await shoot(width)).json).toMatchObject({ code: "invalid_input" });

  await writeFile(`${daemon.folder}/blind`, "");
  expect((await shoot("320")).json).toMatchObject({ code: "surface_stopped" });
  await rm(`${folder}/bin/scrot`);
  expect((await shoot("320")).json).toMatchObject({ code: "surface_unavailable" });
  expect(await readdir(`${folder}/tmp`)).toEqual([]);
});
