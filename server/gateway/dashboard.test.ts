import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createDashboard } from "./dashboard.ts";

/** A gateway's pages alone, from a folder of the test's own. */
async function openPages(files: Record<string, string>): Promise<AsyncDisposable & { url: string }> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "ghost-pages-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const list = Object.keys(files).map((name) => [`/${name}`, { file: name, type: "text/plain", etag: name }]);
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  await writeFile(join(folder, "site.json"), JSON.stringify({ files: Object.fromEntries(list) as unknown }));

  const pages = createDashboard({ url: "http://localhost", appsDomain: "localhost" }, folder);
  const server = createServer((request, response) => {
    void pages(request.url ?? "", request, response).then((found) => found || response.writeHead(404).end());
  });
  stack.defer(() => server.close().closeAllConnections());
  await once(server.listen(0, "127.0.0.1"), "listening");
  const owned = stack.move();
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

describe("the dashboard's files", () => {
  it("are there for all who ask at once, also the first time", async () => {
    const names = Array.from({ length: 20 }, (_, index) => `chunk-${index}`);
    await using site = await openPages(Object.fromEntries(names.map((name) => [name, `text of ${name}`])));
    const texts = names.map((name) => fetch(`${site.url}/${name}`).then((response) => response.text()));
    expect(await Promise.all(texts)).toEqual(names.map((name) => `text of ${name}`));
  });
});
