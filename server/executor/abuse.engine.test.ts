import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { languageOf, imageOf } from "./languages.ts";
import { further } from "./testing/abuse-further.ts";
import { abuses } from "./testing/abuse.ts";
import { startRunner, type Runner } from "./testing/runner.ts";

let runner: Runner;
const matrix: string[][] = [];
beforeAll(async () => {
  runner = await startRunner({ GHOST_EXECUTOR_POOL: "python=1,bash=1,javascript=0,typescript=0" });
});
afterAll(async () => {
  await runner[Symbol.asyncDispose]();
  const widths = [10, 56, 11, 14, 9, 9];
  const rows = [["group", "case", "language", "verdict", "wall ms", "peak MB"], ...matrix];
  const text = rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join(" ")
      .trimEnd(),
  );
  process.stdout.write(`\n${text.join("\n")}\n`);
});

const hello: Record<string, { code: string }> = {
  python: { code: "print('clean')" },
  javascript: { code: "console.log('clean')" },
  typescript: { code: "console.log('clean' as string)" },
  bash: { code: "echo clean" },
  c: { code: '#include <stdio.h>\nint main(void) { puts("clean"); }' },
  cpp: { code: '#include <iostream>\nint main() { std::cout << "clean\\n"; }' },
  go: { code: 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("clean") }' },
  java: {
    code: 'public class Main { public static void main(String[] a) { System.out.println("clean"); } }',
  },
  php: { code: '<?php echo "clean\\n";' },
  ruby: { code: 'puts "clean"' },
  rust: { code: 'fn main() { println!("clean"); }' },
};

/** Other languages than the usual are there when somebody has asked for their image. */
const images = await new Docker().listImages();
const built = new Set(images.flatMap(({ RepoTags }) => RepoTags ?? []));

const cases = [...abuses, ...further].flatMap((abuse) =>
  Object.entries(abuse.code)
    .filter(([language]) => abuses.includes(abuse) || built.has(imageOf(languageOf(language))))
    .map(([language, code]) => ({ ...abuse, language, code })),
);

describe("hostile code", () => {
  it.each(cases)(
    "$group: $name ($language)",
    async ({ group, name, language, code, more, expect: allowed, check, withinMs }) => {
      const began = performance.now();
      const run = await runner.run(language, code, more);
      const took = performance.now() - began;
      matrix.push([
        group,
        name,
        language,
        run.status,
        run.wallMs.toFixed(0),
        (run.memoryPeakBytes / 1e6).toFixed(0),
      ]);
      expect(allowed, `${run.status} ${run.reason ?? ""} ${run.stderr.slice(0, 500)}`).toContain(run.status);
      expect(check?.(run)).toBeUndefined();
      expect(took).toBeLessThan(withinMs ?? 15_000);
      expect(run.memoryPeakBytes).toBeLessThanOrEqual(run.limits.memoryMb * 2 ** 20 * 1.02);
      // Whoever comes next finds nothing of it.
      const next = await runner.run(language, hello[language]?.code ?? "");
      expect(next).toMatchObject({ status: "ok", stdout: "clean\n", stderr: "" });
    },
  );
});
