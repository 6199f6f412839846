import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { mayHaveReachedStatus } from "./failure.ts";
import { openFront, openRawTarget } from "./testing/front.ts";
import { rawRequest } from "./testing/raw-client.ts";

const closedPort = async () => {
  await using target = await openRawTarget(() => undefined);
  return target.port;
};
const waiting = { title: "Port 3000 <b>", text: "It opens as soon as something listens." };

async function ask(headers: string, target = {}): Promise<string> {
  await using front = await openFront({
    app: { port: await closedPort(), label: "Port 3000 of <demo>", ...target },
  });
  return await rawRequest(front.port, `GET / HTTP/1.1\r\nHost: app\r\nConnection: close\r\n${headers}\r\n`);
}

describe("a failed hop", () => {
  it("is JSON for programs", async () => {
    const text = await ask("Accept: */*\r\n");
    expect(text).toMatch(/^HTTP\/1\.1 502 [^]*\r\nContent-Type: application\/json\r\n/);
    expect(JSON.parse(text.split("\r\n\r\n")[1] ?? "")).toEqual({
      error: {
        code: "app_not_listening",
        message: "Nothing answers at Port 3000 of <demo>.",
        hint: "Start the app, and let it listen on this port.",
        details: { hop: "app" },
      },
    });
  });

  it("is JSON for scripts in a page, whatever they accept", async () => {
    expect(await ask("Accept: text/html\r\nSec-Fetch-Mode: cors\r\n", { waiting })).toContain(
      "application/json",
    );
  });

  it("is a page for browsers, without a script", async () => {
    const text = await ask("Accept: text/html,*/*\r\n");
    expect(text).toContain("text/html; charset=utf-8");
    expect(text).toContain("Nothing answers at Port 3000 of &lt;demo&gt;.");
    expect(text).not.toContain("<script");
    expect(text).toMatch(
      /Content-Security-Policy: default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'/,
    );
  });

  it("that may pass by itself is a page that waits, which its own policy lets run and nothing else", async () => {
    const text = await ask("Sec-Fetch-Mode: navigate\r\n", { waiting, frameAncestors: "http://dashboard" });
    expect(text).toContain("Port 3000 &lt;b&gt;");
    expect(text).toContain(`role="status"`);
    for (const tag of ["script", "style"]) {
      const source = new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(text)?.[1] ?? "";
      expect(text).toContain(`${tag}-src 'sha256-${createHash("sha256").update(source).digest("base64")}'`);
    }
    expect(text).toContain(
      "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors http://dashboard",
    );
    expect(text).not.toMatch(/https?:\/\/(?!dashboard)/);
  });

  it("after the request was sent has a status on nobody's list of what to try again", () => {
    const retried = [408, 409, 413, 421, 425, 429, 500, 502, 503, 504, 520, 521, 522, 524, 529];
    expect(retried).not.toContain(mayHaveReachedStatus);
    expect(mayHaveReachedStatus).toBeLessThan(500);
  });
});
