import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { examples } from "../../components/runs/examples/examples.ts";
import { emptyProgram, inputOf } from "../../components/runs/program/program.ts";
import { startRunner, type Runner } from "../../server/executor/testing/runner.ts";

let runner: Runner;
beforeAll(async () => {
  runner = await startRunner({ GHOST_EXECUTOR_POOL: "python=0" });
});
afterAll(() => runner[Symbol.asyncDispose]());

describe.each(Object.entries(examples))("in %s", (language, all) => {
  it("runs every example, and each ends as it says", async () => {
    const { languages } = await runner.client.runs.languages();
    const known = languages.find(({ name }) => name === language);
    expect(known).toBeDefined();
    // Where the image is not built there is nothing to run: its languages are built when somebody asks.
    if (known?.ready !== true) return;
    for (const example of all) {
      const { ends = "ok", writes, title: _, shows: _shows, ...program } = example;
      const run = await runner.client.runs.create({
        body: inputOf({ ...emptyProgram(language), ...program }),
      });
      expect(run, example.title).toMatchObject({ status: ends });
      expect(run.stdout + run.stderr + (run.compileOutput ?? ""), example.title).toContain(writes);
    }
  });
});
