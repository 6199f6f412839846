import { describe, expect, it } from "vitest";
import { AppError } from "../../lib/app-error.ts";
import { engineMessage, fold, folded } from "./errors.ts";

const answer = (statusCode: number, message: string) =>
  Object.assign(new Error(`(HTTP code ${statusCode}) x - ${message} `), { statusCode, json: { message } });
const broken = (code: string) => Object.assign(new Error(code), { code });

describe("errors of the engine", () => {
  it.each([
    [broken("ECONNREFUSED"), "backend_unavailable"],
    [broken("ENOENT"), "backend_unavailable"],
    [broken("ECONNRESET"), "backend_unavailable"],
    [broken("EACCES"), "backend_unavailable"],
    [answer(503, "starting"), "backend_unavailable"],
    [answer(404, "No such image: x:latest"), "image_not_found"],
    [answer(404, "pull access denied for x, repository does not exist"), "image_not_found"],
    [answer(404, "No such container: ghost-cave-x"), "cave_not_found"],
    [answer(409, "Container abc is not running"), "cave_state"],
    [answer(409, "Container abc is paused, unpause the container before exec"), "cave_state"],
    [answer(500, "mkdir /var/lib/docker/x: no space left on device"), "disk_full"],
    [answer(500, "something else"), "internal"],
    [new TypeError("x is not a function"), "internal"],
    ["not even an error", "internal"],
  ])("%s becomes %s, and is its cause", (error, code) => {
    const known = fold(error);
    expect(known.code).toBe(code);
    expect(known.cause).toBe(error);
  });

  it("keeps what is ours already", () => {
    const known = new AppError("unsupported", "no");
    expect(fold(known)).toBe(known);
  });

  it("shows the engine's words to nobody but the log", () => {
    expect(fold(answer(500, "secret path /root/x")).message).not.toContain("secret");
    expect(engineMessage(answer(500, "secret path"))).toBe("secret path");
  });

  it("gives an abort back as the signal's own reason", async () => {
    const stop = new AbortController();
    const reason = new Error("gone");
    const work = folded(stop.signal, () => {
      stop.abort(reason);
      return Promise.reject(broken("ECONNRESET"));
    });
    await expect(work).rejects.toBe(reason);
    await expect(folded(stop.signal, () => Promise.resolve())).rejects.toBe(reason);
  });
});
