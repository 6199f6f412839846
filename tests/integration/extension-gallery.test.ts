import { afterAll, beforeAll, expect, it } from "vitest";
import { startGateway, type GatewayProcess } from "../support/gateway-process.ts";

/** A gallery in the cave itself, with one extension in it, in the words of VS Code's own. */
const gallery = String.raw`
import io, json, zipfile
from http.server import BaseHTTPRequestHandler, HTTPServer
base = "http://127.0.0.1:7777"
manifest = {"name": "hello", "publisher": "ghost", "version": "1.2.3", "engines": {"vscode": "^1.50.0"}}
archive = io.BytesIO()
with zipfile.ZipFile(archive, "w") as vsix:
    vsix.writestr("extension/package.json", json.dumps(manifest))
    vsix.writestr("extension.vsixmanifest", '<?xml version="1.0"?><PackageManifest><Metadata><Identity Id="hello" Version="1.2.3" Publisher="ghost"/></Metadata></PackageManifest>')
    vsix.writestr("[Content_Types].xml", '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>')
files = [("Microsoft.VisualStudio.Code.Manifest", "/package.json"), ("Microsoft.VisualStudio.Services.VSIXPackage", "/VSIX")]
version = {"version": "1.2.3", "lastUpdated": "2026-01-01T00:00:00Z", "assetUri": base, "fallbackAssetUri": base,
  "files": [{"assetType": kind, "source": base + path} for kind, path in files],
  "properties": [{"key": "Microsoft.VisualStudio.Code.Engine", "value": "^1.50.0"}]}
publisher = {"publisherId": "1", "publisherName": "ghost", "displayName": "Ghost"}
extension = {"extensionId": "2", "extensionName": "hello", "displayName": "Hello", "shortDescription": "", "publisher": publisher,
  "versions": [version], "statistics": [], "tags": [], "categories": [], "flags": "validated, public",
  "releaseDate": "2026-01-01T00:00:00Z", "publishedDate": "2026-01-01T00:00:00Z", "lastUpdated": "2026-01-01T00:00:00Z"}
result = {"results": [{"extensions": [extension], "resultMetadata": [{"metadataType": "ResultCount", "metadataItems": [{"name": "TotalCount", "count": 1}]}]}]}
class Gallery(BaseHTTPRequestHandler):
    def answer(self, body, kind):
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.answer(json.dumps(result).encode(), "application/json")
    def do_GET(self):
        if "VSIX" in self.path: self.answer(archive.getvalue(), "application/octet-stream")
        else: self.answer(json.dumps(manifest).encode(), "application/json")
HTTPServer(("127.0.0.1", 7777), Gallery).serve_forever()
`;

let ghost: GatewayProcess;
beforeAll(async () => {
  const serviceUrl = "http://127.0.0.1:7777";
  ghost = await startGateway({
    GHOST_EXTENSIONS_GALLERY: JSON.stringify({ serviceUrl, itemUrl: serviceUrl }),
  });
});
afterAll(() => ghost[Symbol.asyncDispose]());

it("gives VS Code in a cave extensions from the gallery that was configured", async () => {
  const { client } = ghost;
  const { id: cave } = await client.caves.create({ body: { image: "ghost/cave:full" } });
  const params = { cave };
  await client.files.write({ params, query: { path: "/workspace/gallery.py" }, body: gallery });
  await client.processes.start({ params, body: { argv: ["python3", "/workspace/gallery.py"] } });
  await expect
    .poll(async () => (await client.ports.list({ params })).ports.map(({ port }) => port), {
      timeout: 10_000,
    })
    .toContain(7777);
  const run = (command: string) => client.exec.run({ params, body: { command, timeoutMs: 90_000 } });
  const installed = await run("code-server --install-extension ghost.hello");
  expect(installed, installed.stdout + installed.stderr).toMatchObject({ exitCode: 0 });
  expect((await run("code-server --list-extensions --show-versions")).stdout).toContain("ghost.hello@1.2.3");
});
