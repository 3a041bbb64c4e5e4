// What the test runners' JSON reports say: how many passed, failed and were skipped, and which passed only when tried again.
import { readFileSync } from "node:fs";

/** @returns {{ passed: number, failed: number, skipped: number, flaky: string[] } | null} null without a report. */
export function readVitestReport(file) {
  const report = readReport(file);
  if (!report) return null;
  const tests = report.testResults.flatMap((one) =>
    one.assertionResults.map((test) => ({ ...test, file: one.name })),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests,
    // A test that passes at its second try keeps what its first one said.
    flaky: tests
      .filter((test) => test.status === "passed" && test.failureMessages.length > 0)
      .map((test) => `${test.file}: ${test.fullName}\n${firstLine(test.failureMessages[0])}`),
  };
}

/** @returns {{ passed: number, failed: number, skipped: number, flaky: string[] } | null} null without a report. */
export function readPlaywrightReport(file) {
  const report = readReport(file);
  if (!report?.stats) return null;
  const { expected, unexpected, skipped, flaky } = report.stats;
  return {
    passed: expected + flaky,
    failed: unexpected,
    skipped,
    flaky: allSpecs(report.suites).flatMap((spec) =>
      spec.tests
        .filter((test) => test.status === "flaky")
        .map(
          (test) => `e2e/${spec.file}: ${spec.title}\n${firstLine(test.results[0]?.error?.message ?? "")}`,
        ),
    ),
  };
}

function allSpecs(suites = []) {
  return suites.flatMap((suite) => [...(suite.specs ?? []), ...allSpecs(suite.suites)]);
}

function firstLine(text) {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours begin with one
  return `    ${text.replace(/\u001b\[[\d;]*m/g, "").split("\n", 1)[0]}`;
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}
