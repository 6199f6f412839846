import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";

interface Blob {
  digest: string;
  bytes: Buffer;
  type: string;
}

const docker = "application/vnd.docker";

/** A registry on this machine with one image, `<host>/test/image:1`. Engines trust loopback addresses without TLS. */
export async function openRegistry(
  labels: Record<string, string>,
): Promise<AsyncDisposable & { host: string }> {
  const tar = pack();
  tar.entry({ name: "hello" }, "from the registry");
  tar.finalize();
  const unpacked = await buffer(tar);
  const layer = blob(gzipSync(unpacked), `${docker}.image.rootfs.diff.tar.gzip`);
  const config = blob(
    Buffer.from(
      JSON.stringify({
        architecture: "amd64",
        os: "linux",
        config: { Labels: labels },
        rootfs: { type: "layers", diff_ids: [digestOf(unpacked)] },
      }),
    ),
    `${docker}.container.image.v1+json`,
  );
  const described = ({ digest, bytes, type }: Blob) => ({ mediaType: type, digest, size: bytes.length });
  const type = `${docker}.distribution.manifest.v2+json`;
  const manifest = blob(
    Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: type,
        config: described(config),
        layers: [described(layer)],
      }),
    ),
    type,
  );
  const found = new Map<string, Blob>([["/v2/", blob(Buffer.from("{}"), "application/json")]]);
  for (const name of ["1", manifest.digest]) found.set(`/v2/test/image/manifests/${name}`, manifest);
  for (const part of [config, layer]) found.set(`/v2/test/image/blobs/${part.digest}`, part);

  const server = createServer((request, response) => {
    const part = found.get(request.url ?? "");
    if (!part)
      return void response
        .writeHead(404, { "content-type": "application/json" })
        .end(JSON.stringify({ errors: [{ code: "MANIFEST_UNKNOWN", message: "manifest unknown" }] }));
    response.writeHead(200, {
      "content-type": part.type,
      "content-length": part.bytes.length,
      "docker-content-digest": part.digest,
    });
    response.end(request.method === "HEAD" ? undefined : part.bytes);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function blob(bytes: Buffer, type: string): Blob {
  return { digest: digestOf(bytes), bytes, type };
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
