import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { announceImage, readImages, writeImage } from "./images-file.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ghost-images-"));
  file = join(folder, "images.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("images.json", () => {
  it("says nothing before anything was built", () => {
    expect(readImages(file)).toEqual({});
  });

  it("keeps what it says of the other image", () => {
    writeImage(file, "base", { state: "ready", image: "ghost/cave:base" });
    writeImage(file, "full", {
      state: "building",
      image: "ghost/cave:full",
      step: 3,
      steps: 31,
      line: "RUN make",
    });
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({
      base: { state: "ready", image: "ghost/cave:base" },
      full: { state: "building", image: "ghost/cave:full", step: 3, steps: 31, line: "RUN make" },
    });
  });

  it("announces a build, but not of an image that is there", () => {
    writeImage(file, "base", { state: "ready", image: "ghost/cave:base" });
    announceImage(file, "base", 1);
    announceImage(file, "full", 1);
    expect(readImages(file)).toMatchObject({
      base: { state: "ready" },
      full: { state: "building", builder: 1 },
    });
  });

  it("leaves nothing beside it, and replaces a file that it cannot read", () => {
    writeFileSync(file, '{"base":');
    writeImage(file, "base", { state: "failed", image: "ghost/cave:base", error: "no network" });
    expect(readImages(file).base?.state).toBe("failed");
    expect(readdirSync(folder)).toEqual(["images.json"]);
  });
});
