import { createHash, randomBytes } from "node:crypto";
import { PassThrough, Readable } from "node:stream";
import { expect, it, vi } from "vitest";
import { soon } from "../../backends/contract/fixture.ts";
import { code, describeBareCaves, MB, oddNames, sha } from "./testing/bare-caves.ts";

describeBareCaves("exec", (cave) => {
  it("gives both outputs apart, the exit code and the time it took", async () => {
    const { stdout, stderr, exit } = await cave.run("echo out; echo err >&2; exit 3");
    expect([stdout.toString(), stderr.toString()]).toEqual(["out\n", "err\n"]);
    expect(exit).toMatchObject({
      exitCode: 3,
      timedOut: false,
      truncated: { stdout: false, stderr: false },
    });
    expect(exit.signal).toBeUndefined();
    expect(exit.durationMs).toBeGreaterThan(0);
  });

  it("passes arguments and variables as they are, and begins in the workspace as its user", async () => {
    const odd = `-n "$HOME" 'x' \\ \n ü`;
    const { stdout } = await cave.run({ argv: ["printf", "%s|", odd, ""], env: { ODD: odd } });
    expect(stdout.toString()).toBe(`${odd}||`);
    const { stdout: variable } = await cave.run({ command: 'printf %s "$ODD"', env: { ODD: odd } });
    expect(variable.toString()).toBe(odd);
    expect(await cave.sh("pwd; id -u; cd / && env | grep -c OLDPWD=/workspace")).toBe(
      "/workspace\n1000\n1\n",
    );
  });

  it("begins in any folder there is and says which there is not", async () => {
    for (const name of oddNames) {
      await cave.guest.makeFolder(
        { path: `/workspace/cwd/${name}`.replace(/^(.*)\/b:(.*)$/, "b:$1/$2"), parents: true },
        soon(),
      );
      const cwd = name.startsWith("b:") ? `b:cwd/${name.slice(2)}` : `cwd/${name}`;
      expect((await cave.run({ command: "echo here", cwd })).stdout.toString()).toBe("here\n");
    }
    expect(
      (
        await cave.run({ command: 'printf %s "${PWD##*/}"', cwd: "/workspace/cwd/new\nline" })
      ).stdout.toString(),
    ).toBe("new\nline");
    await expect(cave.start({ command: "true", cwd: "/no/such" })).rejects.toEqual(code("working_directory"));
    await expect(cave.start({ command: "true", cwd: "/etc/passwd" })).rejects.toEqual(
      code("working_directory"),
    );
  });

  it("answers 127 for a program that is not there", async () => {
    const { exit, stderr } = await cave.run({ argv: ["no-such-program", "x"] });
    expect(exit.exitCode).toBe(127);
    expect(stderr.toString()).toMatch(/not found/);
    expect(stderr.toString()).not.toMatch(/ghost-/);
  });

  it("keeps the number that the engine gives for a signal and claims no more", async () => {
    expect((await cave.run("kill -9 $$")).exit).toMatchObject({ exitCode: 137, timedOut: false });
  });

  it("hands over 100 MB of stdin whole and gives exact bytes back", async () => {
    const bytes = randomBytes(MB);
    const hash = createHash("sha256");
    const source = Readable.from(
      (function* () {
        for (let n = 0; n < 100; n++) {
          hash.update(bytes);
          yield bytes;
        }
      })(),
      { objectMode: false },
    );
    const { stdout } = await cave.run({ command: "sha256sum", stdin: source });
    expect(stdout.toString().slice(0, 64)).toBe(hash.digest("hex"));
    const { stdout: echoed } = await cave.run({ argv: ["cat"], stdin: Readable.from([bytes]) });
    expect(sha(echoed)).toBe(sha(bytes));
  });

  it("survives a program that does not want its input", async () => {
    const endless = new PassThrough();
    endless.write(randomBytes(64 * 1024));
    expect((await cave.run({ argv: ["true"], stdin: endless })).exit.exitCode).toBe(0);
    endless.destroy();
  });

  it("caps 200 MB of output, drains the rest and lets the program end", async () => {
    const before = process.memoryUsage().rss;
    const { stdout, exit } = await cave.run({
      command: `head -c ${200 * MB} /dev/zero; echo done >&2; exit 5`,
      maxOutputBytes: 1000,
    });
    expect(stdout).toHaveLength(1000);
    expect(exit).toMatchObject({ exitCode: 5, truncated: { stdout: true, stderr: false } });
    expect(process.memoryUsage().rss - before).toBeLessThan(96 * MB);
  });

  it("keeps what was said before the deadline, and kills all that was started", async () => {
    const { stdout, exit } = await cave.run({
      command: "echo partial; sleep 4711 & sleep 4711",
      timeoutMs: 700,
    });
    expect(stdout.toString()).toBe("partial\n");
    expect(exit).toMatchObject({ exitCode: null, signal: "SIGKILL", timedOut: true });
    expect(await cave.alive("4711")).toBe(0);
    expect((await cave.run({ command: "sleep 4711", timeoutMs: 1 })).exit.timedOut).toBe(true);
  });

  it.each(["the reader leaves", "the signal is aborted"])("kills everything when %s", async (how) => {
    const stop = new AbortController();
    const events = await cave.start({ command: "echo begun; sleep 4712 & sleep 4712; wait" }, stop.signal);
    const iterator = events[Symbol.asyncIterator]();
    expect(await iterator.next()).toMatchObject({ value: { kind: "stdout" } });
    await vi.waitFor(async () => expect(await cave.alive("sleep 4712")).toBeGreaterThan(1), 5_000);
    if (how === "the reader leaves") await iterator.return?.();
    else {
      stop.abort();
      await expect(iterator.next()).rejects.toThrow(/abort/i);
    }
    await vi.waitFor(async () => expect(await cave.alive("4712")).toBe(0), { timeout: 2_000 });
  });

  it("kills it when its input breaks off", async () => {
    const stdin = new PassThrough();
    const result = cave.run({ command: "cat; sleep 4713", stdin });
    stdin.write("x");
    stdin.destroy(new Error("gone"));
    await expect(result).rejects.toThrow("gone");
    expect(await cave.alive("4713")).toBe(0);
  });

  it("answers though something in the background holds its output, and leaves that running", async () => {
    const { stdout, exit } = await cave.run("sleep 4715 & echo begun");
    expect([stdout.toString(), exit.exitCode, exit.timedOut]).toEqual(["begun\n", 0, false]);
    expect(await cave.alive("sleep 4715")).toBe(1);
    expect(exit.durationMs).toBeLessThan(10_000);
  });

  it("refuses what no system could run", async () => {
    await expect(cave.start({ command: "echo \0" })).rejects.toEqual(code("invalid_input"));
    await expect(cave.start({ argv: ["echo", "x".repeat(200_000)] })).rejects.toEqual(code("invalid_input"));
  });
});
