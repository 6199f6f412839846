import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, stat } from "node:fs/promises";
import { chmod, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startDaemon } from "./testing/daemon.ts";

it("are files for the cave's user alone, and variables of what starts later", async () => {
  const run = join(tmpdir(), `caved-run-${randomUUID()}`);
  await mkdir(run);
  await chmod(run, 0o777);
  await using daemon = await startDaemon({ GHOST_DAEMON_RUN: run });
  const put = (body: object) => daemon.request("PUT", "/secrets", body);
  expect((await put({ TOKEN: "s3cret\n", OTHER: "x" })).status).toBe(200);
  expect((await put({ TOKEN: "changed", NEW: "ünicode" })).status).toBe(200);
  expect((await readdir(`${run}/secrets`)).sort()).toEqual(["NEW", "TOKEN"]);
  expect(await readFile(`${run}/secrets/TOKEN`, "utf8")).toBe("changed");
  expect([
    (await stat(`${run}/secrets`)).mode & 0o777,
    (await stat(`${run}/secrets/TOKEN`)).mode & 0o777,
  ]).toEqual([0o700, 0o400]);
  const { stdout } = await daemon.exec({ command: 'echo "$TOKEN $NEW ${OTHER-none}"', cwd: "/" });
  expect(stdout.toString()).toBe("changed ünicode none\n");
  expect((await put({ "../evil": "x" })).status).toBe(422);
  expect((await put({})).status).toBe(200);
  expect(await readdir(`${run}/secrets`)).toEqual([]);
  await rm(run, { recursive: true, maxRetries: 5 }); // the daemon is still tidying up after the command
});
