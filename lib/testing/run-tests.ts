// node lib/testing/run-tests.ts PROJECT REPORT [--again]: runs a project of vitest and writes a RunReport.
import { writeFileSync } from "node:fs";
import { createVitest } from "vitest/node";
import { joinRuns, tellRun } from "./run-report.ts";

const [project = "", report = "", again] = process.argv.slice(2);
Object.assign(process.env, { TEST: "true", VITEST: "true", NODE_ENV: process.env.NODE_ENV ?? "test" });

const vitest = await createVitest({ project: [project], watch: false, run: true });
const root = vitest.config.root;
const ran = await vitest.start();
const first = tellRun(ran.testModules, ran.unhandledErrors, root);
const failed = new Set(first.filter(({ failures }) => failures.length > 0).map(({ file }) => file));
let result = joinRuns(first);
if (again === "--again" && failed.size > 0) {
  // On the same servers and in the same run: the list of checks that a complete run must raise is of both.
  const files = (await vitest.globTestSpecifications()).filter(({ moduleId }) => failed.has(moduleId));
  if (files.length > 0) {
    const second = await vitest.runTestSpecifications(files);
    const modules = second.testModules.filter(({ moduleId }) => failed.has(moduleId));
    result = joinRuns(first, tellRun(modules, second.unhandledErrors, root));
  }
}
writeFileSync(report, JSON.stringify(result));
process.exitCode = result.failed > 0 ? 1 : 0;
// What the servers' end finds makes the exit code 1.
await vitest.exit();
