// What the test runners' reports say: how many passed, failed and were skipped, what failed, and what passed only when tried again.
import { readFileSync } from "node:fs";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";

/**
 * @typedef {{ name: string, error: string }} Failure
 * @typedef {{ passed: number, failed: number, skipped: number, failures: Failure[], flaky: Failure[] }} Report
 */

/** @returns {Report | null} what `lib/testing/run-tests.ts` wrote; null without a report. */
export function readVitestReport(file) {
  return readReport(file);
}

/** @returns {Report | null} null without a report. */
export function readPlaywrightReport(file) {
  const report = readReport(file);
  if (!report?.stats) return null;
  const { expected, unexpected, skipped, flaky } = report.stats;
  const told = (status) =>
    allSpecs(report.suites).flatMap((spec) =>
      spec.tests
        .filter((test) => test.status === status)
        .map((test) => ({
          name: `e2e/${spec.file}: ${spec.title}`,
          error: firstLines(test.results[0]?.error?.message ?? ""),
        })),
    );
  // What belongs to no test: a spec that does not load, the set-up of all.
  const outside = (report.errors ?? []).map(({ message, location }) => ({
    name: location ? `e2e/${path.basename(location.file)}: outside of its tests` : "outside of the tests",
    error: firstLines(message ?? ""),
  }));
  return {
    passed: expected + flaky,
    failed: unexpected + outside.length,
    skipped,
    failures: [...told("unexpected"), ...outside],
    flaky: told("flaky"),
  };
}

/** Failures as paragraphs: the name, its error indented below. */
export function listFailures(failures) {
  return failures.map(({ name, error }) => `${name}\n${error.replace(/^/gm, "    ")}`).join("\n");
}

/** What a program said last, for one that ends badly without naming a test. */
export function lastLines(text, count = 15) {
  const lines = stripVTControlCharacters(text)
    .split("\n")
    .filter((line) => line.trim());
  return lines.slice(-count).join("\n");
}

function allSpecs(suites = []) {
  return suites.flatMap((suite) => [...(suite.specs ?? []), ...allSpecs(suite.suites)]);
}

function firstLines(text) {
  const lines = stripVTControlCharacters(text)
    .split("\n")
    .filter((line) => line.trim());
  return lines.slice(0, 4).join("\n");
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}
