import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, getCACertificates, setDefaultCACertificates, type TLSSocket } from "node:tls";
import { promisify } from "node:util";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isHealthy } from "../../scripts/lib/gateway.ts";
import { makeCertificate, type Certificate } from "../../tests/support/certificate.ts";
import { freePort } from "../../tests/support/free-port.ts";
import { createVisitor } from "../../tests/support/visitor.ts";
import { openAppHouse, type AppHouse } from "./apps/testing/app-house.ts";
import { keepTls, loadTls } from "./tls.ts";

const hosts = ["127.0.0.1", "localhost", "ghost.test", "*.caves.example"];
const before = getCACertificates("default");
let folder: string;
let made: Certificate;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ghost-tls-"));
  made = await makeCertificate(folder, hosts);
  setDefaultCACertificates([...before, made.ca]);
});
afterAll(async () => {
  setDefaultCACertificates(before);
  await rm(folder, { recursive: true });
});

/** The certificate that a server shows now. */
async function shownBy(port: number): Promise<string> {
  const socket: TLSSocket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false });
  await once(socket, "secureConnect");
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

describe("a gateway that speaks TLS itself", () => {
  let house: AppHouse;
  let url: string;

  beforeAll(async () => {
    const port = await freePort();
    url = `https://ghost.test:${port}`;
    const env = {
      GHOST_PORT: String(port),
      GHOST_URL: url,
      GHOST_APPS_DOMAIN: "caves.example",
      GHOST_TLS_CERT: made.cert,
      GHOST_TLS_KEY: made.key,
    };
    house = await openAppHouse({ env, ca: made.ca });
  });
  afterAll(() => house[Symbol.asyncDispose]());

  it("serves the dashboard, with a session cookie for that host alone", async () => {
    const page = await house.get(`${url}/health`);
    expect([page.status, JSON.parse(page.body)]).toMatchObject([200, { service: "ghost" }]);
    const session = await house.signIn();
    expect(session).toMatch(/^__Host-ghost_session=/);
    const me = await house.get(`${url}/v1/me`, { cookie: session });
    expect([me.status, JSON.parse(me.body)]).toMatchObject([200, { user: { name: "admin" } }]);
  });

  it("serves apps and their WebSockets on hosts of their own, and tells them the scheme that they are seen under", async () => {
    const { cookie, origin } = await house.enter("den", "code");
    expect(origin).toMatch(/^https:\/\/code--cave-[a-z0-9]+\.caves\.example:\d+$/);
    expect((await house.get(`${origin}/x`, { cookie })).status).toBe(200);
    expect(house.asked()?.headers).toMatchObject({
      host: new URL(origin).host,
      "x-forwarded-proto": "https",
      "x-forwarded-host": new URL(origin).host,
    });
    const { status, socket } = await house.socket(`${origin}/`, { cookie, origin });
    expect(status).toBe(101);
    const echoed = once(socket, "message");
    socket.send("through TLS");
    expect(String((await echoed)[0])).toBe("through TLS");
    socket.terminate();
    expect((await house.socket(`${origin}/`, { cookie, origin: url })).status).toBe(403);
  });

  it("leads a browser that is signed in to an app by https", async () => {
    const cookie = await house.signIn();
    const led = await house.get(`${url}/open/3000/den?path=%2Fa`, { cookie });
    expect(led.headers.location).toMatch(/^https:\/\/3000--/);
    const entered = await house.get(led.headers.location ?? "");
    expect(entered.headers["set-cookie"]?.[0]).toMatch(/^__Host-ghost_app=.*; Secure;/);
  });

  it("has an app's cookie bomb forgotten, and nobody signed out by one", async () => {
    const cookie = Array.from({ length: 60 }, (_, at) => `bomb${at}=${"x".repeat(1_000)}`).join("; ");
    const { origin } = await house.enter("den", "code");
    const defused = await house.get(`${origin}/`, { cookie });
    expect([defused.status, defused.headers["clear-site-data"]]).toEqual([431, '"cookies"']);
    const own = await house.get(`${url}/health`, { cookie, host: new URL(origin).host });
    expect([own.status, own.headers["clear-site-data"]]).toEqual([431, undefined]);
  });

  it("is found healthy by whoever starts it, under this machine's own name", async () => {
    expect(await isHealthy(`https://localhost:${house.ghost.port}`)).toBe(true);
    expect(await isHealthy(`http://localhost:${house.ghost.port}`)).toBe(false);
  });

  it("closes connections that speak plain HTTP, and goes on", async () => {
    const plain = createVisitor({ port: house.ghost.port });
    await expect(plain.get(`http://ghost.test:${house.ghost.port}/health`)).rejects.toThrow();
    expect((await house.get(`${url}/health`)).status).toBe(200);
  });
});

describe("a certificate", () => {
  it("that is renewed, certificate or key first, is shown from then on; one that does not fit leaves the old one", async () => {
    const place = await mkdtemp(join(folder, "renewed-"));
    const files = await makeCertificate(place, hosts);
    const lines: string[] = [];
    const log = pino({}, { write: (line: string) => void lines.push(line) });
    const server = createHttpsServer(loadTls(files)).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    using _kept = keepTls(files, [server], log, 20);
    const first = await shownBy(port);

    await writeFile(files.key, "no key");
    await expect.poll(() => lines.join("")).toContain("cannot be used");
    expect(await shownBy(port)).toBe(first);

    await makeCertificate(place, hosts);
    await expect.poll(() => shownBy(port)).not.toBe(first);
    const second = await shownBy(port);

    // Whoever renews may well write the certificate first: until its key is there, the two do not fit.
    const next = await makeCertificate(await mkdtemp(join(place, "next-")), hosts);
    await promisify(execFile)("cp", [next.cert, files.cert]);
    await expect
      .poll(() => lines.filter((line) => line.includes("cannot be used")).length)
      .toBeGreaterThan(1);
    await promisify(execFile)("cp", [next.key, files.key]);
    await expect.poll(() => shownBy(port)).not.toBe(second);
    server.close();
  });

  it.each([
    ["is not there", (place: string) => [join(place, "none.pem"), made.key]],
    ["is none", (place: string) => [join(place, "text.pem"), made.key]],
    ["does not fit its key", (place: string) => [made.cert, join(place, "privkey.pem")]],
  ])("that %s stops the start with both settings named", async (_, filesIn) => {
    const place = await mkdtemp(join(folder, "bad-"));
    await writeFile(join(place, "text.pem"), "hello");
    await makeCertificate(place, hosts);
    const [cert = "", key = ""] = filesIn(place);
    const env = { GHOST_TLS_CERT: cert, GHOST_TLS_KEY: key };
    const start = openAppHouse({ env }).then((house) => house[Symbol.asyncDispose]());
    await expect(start).rejects.toThrow(/GHOST_TLS_CERT \(.+\) and GHOST_TLS_KEY \(.+\): /);
  });
});
