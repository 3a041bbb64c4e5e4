import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { SerializedError, TestCase, TestModule } from "vitest/node";
import { ended } from "./whole-run.ts";

/** What failed: a test, a hook of a group or a file, or a file that did not load. */
export interface Failure {
  /** `file: full name`. */
  name: string;
  error: string;
}

export interface FileReport {
  /** Absolute; empty for what no file is known of. */
  file: string;
  passed: number;
  skipped: number;
  failures: Failure[];
}

export interface RunReport {
  passed: number;
  failed: number;
  skipped: number;
  failures: Failure[];
  /** Failed at first, passed when its file was run again. */
  flaky: Failure[];
}

/** What a run of vitest found, by file. An error outside of every test counts as a failure of the file it came from. */
export function tellRun(
  modules: readonly TestModule[],
  unhandled: readonly unknown[],
  root: string,
): FileReport[] {
  const reports = modules.map((module) => tellModule(module, path.relative(root, module.moduleId)));
  const nowhere: FileReport = { file: "", passed: 0, skipped: 0, failures: [] };
  for (const error of unhandled as SerializedError[]) {
    const file = typeof error.VITEST_TEST_PATH === "string" ? error.VITEST_TEST_PATH : "";
    const report = reports.find((one) => one.file === file) ?? nowhere;
    const place = file ? `${path.relative(root, file)}: outside of its tests` : "outside of the tests";
    report.failures.push({ name: place, error: tellError(error) });
  }
  return nowhere.failures.length > 0 ? [...reports, nowhere] : reports;
}

/** One report of a run and of a second one with the files that had failed: the second one counts for those. */
export function joinRuns(first: readonly FileReport[], again: readonly FileReport[] = []): RunReport {
  const last = first.map((report) => again.find(({ file }) => file && file === report.file) ?? report);
  const failures = last.flatMap((report) => report.failures);
  const stillFailing = new Set(failures.map(({ name }) => name));
  return {
    passed: sum(last.map(({ passed }) => passed)),
    failed: failures.length,
    skipped: sum(last.map(({ skipped }) => skipped)),
    failures,
    flaky: first.flatMap((report) => report.failures).filter(({ name }) => !stillFailing.has(name)),
  };
}

function tellModule(module: TestModule, file: string): FileReport {
  const tests = [...module.children.allTests()];
  const failedTests = tests.filter((test) => test.result().state === "failed");
  const broken = [module, ...module.children.allSuites()].filter((one) => one.errors().length > 0);
  const failures = [
    ...broken.map((one) => ({
      name: `${file}: ${one.type === "suite" ? `a hook of ${one.fullName}` : "the file or a hook of it"}`,
      error: tellError(one.errors()[0]),
    })),
    ...failedTests.map((test) => ({ name: `${file}: ${test.fullName}`, error: tellError(errorOf(test)) })),
  ];
  if (!(module.ok() && ended(module)) && failures.length === 0)
    failures.push({ name: `${file}: the file`, error: "It did not come to its end." });
  return {
    file: module.moduleId,
    passed: tests.filter((test) => test.result().state === "passed").length,
    skipped: tests.filter((test) => ["skipped", "pending"].includes(test.result().state)).length,
    failures,
  };
}

function errorOf(test: TestCase): SerializedError | undefined {
  const { errors } = test.result();
  return errors?.[0];
}

/** Its first lines: what an assertion expected stands below what it says. */
function tellError(error: SerializedError | undefined): string {
  const text = stripVTControlCharacters([error?.name, error?.message].filter(Boolean).join(": "));
  const lines = text.split("\n").filter((line) => line.trim());
  return lines.slice(0, 4).join("\n");
}

const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0);
