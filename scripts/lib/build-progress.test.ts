import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { countSteps, ProgressReader } from "./build-progress.ts";

function read(reader: ProgressReader, lines: string): void {
  for (const line of lines.split("\n")) reader.read(line);
}

describe("ProgressReader", () => {
  it("follows BuildKit, whose steps run side by side", () => {
    const reader = new ProgressReader(4);
    read(
      reader,
      `#1 [internal] load build definition from Dockerfile
#1 DONE 0.0s
#5 [node 1/2] FROM ghost/debian:trixie
#6 [node 2/2] RUN make   node
#7 [tools 1/2] COPY a b
#7 sha256:0123
#7 CACHED
#6 0.412 compiling`,
    );
    expect(reader.progress).toEqual({ step: 2, steps: 4, line: "compiling" });
    read(reader, "#6 DONE 2.0s\n#8 [tools 2/2] RUN last");
    expect(reader.progress).toEqual({ step: 3, steps: 4, line: "RUN last" });
  });

  it("counts a step once, however often BuildKit names it", () => {
    const reader = new ProgressReader(2);
    read(reader, "#6 [node 1/2] RUN a\n#7 [node 2/2] RUN b\n#6 [node 1/2] RUN a");
    expect(reader.progress.step).toBe(2);
  });

  it("follows the classic builder", () => {
    const reader = new ProgressReader(0);
    read(
      reader,
      "Step 3/21 : RUN make\n ---> Running in 0a1b\nGet:1 a package\nRemoving intermediate container 0a1b",
    );
    expect(reader.progress).toEqual({ step: 3, steps: 21, line: "Get:1 a package" });
  });

  it("does not keep more of a line than one can read", () => {
    const reader = new ProgressReader(1);
    reader.read(`#6 0.1 ${"x".repeat(10_000)}`);
    expect(reader.progress.line).toHaveLength(200);
  });
});

describe("countSteps", () => {
  it("counts the target's stage and those it needs, and no other", () => {
    const dockerfile = `ARG BASE_IMAGE
FROM \${BASE_IMAGE} AS node
ADD a b
RUN c \\
 && d
FROM \${BASE_IMAGE} AS unneeded
RUN e
FROM \${BASE_IMAGE} AS tools
COPY --from=node f g
LABEL h=i
FROM tools AS base
COPY j k
ENTRYPOINT ["l"]`;
    expect(countSteps(dockerfile, "base")).toBe(4);
  });

  it("finds both stages of our own Dockerfile", () => {
    const dockerfile = readFileSync(new URL("../../cave-image/Dockerfile", import.meta.url), "utf8");
    const base = countSteps(dockerfile, "base");
    expect(base).toBeGreaterThan(10);
    expect(countSteps(dockerfile, "full")).toBeGreaterThan(base + 10);
  });
});
