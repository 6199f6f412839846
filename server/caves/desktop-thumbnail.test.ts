import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { startTestServer, type TestServer } from "../../tests/support/test-server.ts";
import { AppError } from "../lib/app-error.ts";

const jpeg = Buffer.from("ffd8ffe000104a464946", "hex");
const taken: number[] = [];
let take: (signal: AbortSignal) => Promise<Buffer>;
let ghost: TestServer;
beforeAll(async () => {
  ghost = await startTestServer({
    inside: {
      desktopThumbnail: (width, signal) => {
        taken.push(width);
        return take(signal);
      },
    },
  });
});
afterAll(() => ghost[Symbol.asyncDispose]());
beforeEach(async () => {
  taken.length = 0;
  take = () => Promise.resolve(jpeg);
  await ghost.client.caves.remove({ params: { cave: "den" } }).catch(() => undefined);
  await ghost.client.caves.create({ body: { name: "den", image: "plain" } });
});

const get = (query = "", token = ghost.token, signal?: AbortSignal) =>
  fetch(`${ghost.url}/v1/caves/den/desktop/thumbnail${query}`, {
    headers: { authorization: `Bearer ${token}` },
    ...(signal && { signal }),
  });

it("is a JPEG, which those who ask at the same time share", async () => {
  const shot = Promise.withResolvers<Buffer>();
  take = () => shot.promise;
  const asked = [get("?width=200"), get("?width=200"), get()];
  await vi.waitFor(() => expect(taken.toSorted()).toEqual([200, 320]));
  const impatient = new AbortController();
  const gone = get("?width=200", ghost.token, impatient.signal);
  impatient.abort();
  await expect(gone).rejects.toThrow(/abort/i);
  shot.resolve(jpeg);
  for (const response of await Promise.all(asked)) {
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "image/jpeg"]);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(jpeg);
  }
  await get("?width=200");
  expect(taken).toHaveLength(2);
});

it("is taken anew where it failed, and says why it did", async () => {
  take = () => Promise.reject(new AppError("surface_stopped", "The desktop of this cave is not running."));
  const response = await get();
  expect([response.status, await response.json()]).toMatchObject([
    409,
    { error: { code: "surface_stopped" } },
  ]);
  take = () => Promise.resolve(jpeg);
  expect((await get()).status).toBe(200);
});

it("is no activity, and nothing for those who may only read", async () => {
  const activity = async () => (await ghost.client.caves.get({ params: { cave: "den" } })).lastActivity;
  const before = await activity();
  await get();
  expect(await activity()).toEqual(before);
  expect((await get("", await ghost.tokenOf("admin", ["caves:read"]))).status).toBe(403);
  for (const width of ["0", "5000", "x", "1.5"]) expect((await get(`?width=${width}`)).status).toBe(422);
  await ghost.client.caves.stop({ params: { cave: "den" } });
  expect((await get()).status).toBe(409);
});
