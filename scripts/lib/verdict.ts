import { relative } from "node:path";
import { root } from "./paths.ts";

/** What a check found. A check that is not a test suite counts as one. */
export interface Verdict {
  readonly passed: number;
  readonly failed: number;
  /** What failed and why, a few lines each, to be told once more at the very end. */
  readonly failures?: readonly string[];
}

/** The part of vitest's JSON report that is read here. */
interface Report {
  readonly numPassedTests?: number;
  readonly numFailedTests?: number;
  readonly testResults?: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults?: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages?: readonly string[] | null;
    }[];
  }[];
}

const linesOfAFailure = 12;

/** Counts what vitest reported. A run that failed without a failed test (a file that does not load, a crash) is one failure. */
export function verdictOf(report: string, code: number): Verdict {
  let read: Report = {};
  try {
    read = JSON.parse(report) as Report;
  } catch {
    // none was written: the exit code decides
  }
  const { numPassedTests: passed = 0, numFailedTests: failed = 0 } = read;
  const failures = failuresIn(read);
  return {
    passed,
    failed: code !== 0 && failed === 0 ? 1 : failed,
    ...(failures.length > 0 && { failures }),
  };
}

function failuresIn({ testResults = [] }: Report): string[] {
  return testResults.flatMap(({ name, status, message = "", assertionResults = [] }) => {
    const file = relative(root, name);
    const tests = assertionResults
      .filter((test) => test.status === "failed")
      .map(({ fullName, failureMessages }) =>
        told(`${file}: ${fullName}`, (failureMessages ?? []).join("\n")),
      );
    // A file that does not load, or whose own preparation fails, has no failed test.
    return tests.length === 0 && status === "failed" ? [told(file, message)] : tests;
  });
}

function told(what: string, why: string): string {
  const lines = why.split("\n").slice(0, linesOfAFailure);
  return [what, ...lines.map((line) => `  ${line}`)].join("\n");
}
