// npm test [-- STAGE …]: everything the tests need, then every stage; the last line is the count.
import { mkdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { installIfStale } from "./install.mjs";
import { pinnedNode, requireNode, root } from "./project.mjs";
import { runHere } from "./run.mjs";
import { fail, say } from "./say.mjs";
import { installSystemPackages } from "./system-packages.mjs";
import { lastLines, listFailures, readPlaywrightReport, readVitestReport } from "./test-reports.mjs";

// Where nobody can look at once, what fails is tried once more; that it did is told above the last line.
const again = Boolean(process.env.CI);
const reports = path.join(os.tmpdir(), `audit-dashboard-test-${process.pid}`);
process.on("exit", () => rmSync(reports, { recursive: true, force: true }));
// In this order. `beside`: at the same time as the one before it, heard once that has ended.
const stages = {
  types: { title: "types", run: (node) => program(node, "typescript/bin/tsc", ["--noEmit"]) },
  lint: {
    title: "lint and format",
    run: (node) => program(node, "@biomejs/biome/bin/biome", ["check", "."]),
    beside: "types",
  },
  unit: { title: "unit tests", run: (node) => vitest(node, "unit") },
  build: { title: "production build", run: build, beside: "unit" },
  db: { title: "database tests", run: (node) => vitest(node, "db") },
  e2e: { title: "browser tests", run: playwright, needs: ["build"] },
};

requireNode();
const asked = process.argv.slice(2).filter((arg) => !arg.startsWith("-"));
const unknown = asked.find((name) => !(name in stages));
if (unknown)
  fail(`There is no stage "${unknown}". Stages: ${Object.keys(stages).join(", ")}; none means all.`, 2);
const wanted = Object.keys(stages).filter(
  (name) =>
    asked.length === 0 || asked.includes(name) || asked.some((one) => stages[one].needs?.includes(name)),
);

await installIfStale();
await installSystemPackages(wanted);
// The tools start each other by the name `node`; all of them must find the one that is pinned.
// They write through us, to where we write.
if (process.stdout.isTTY) process.env.FORCE_COLOR ??= "1";
process.env.PATH = `${path.join(root, "node_modules", ".bin")}${path.delimiter}${process.env.PATH}`;

mkdirSync(reports, { recursive: true });
const results = [];
for (const name of wanted.filter((each) => !wanted.includes(stages[each].beside))) {
  const beside = wanted.find((each) => stages[each].beside === name);
  const held = [];
  const other = beside && runStage(beside, (args, env) => node(args, env, (text) => held.push(text)));
  note(await runStage(name, node));
  if (!other) continue;
  const result = await other;
  process.stdout.write(held.join(""));
  note(result);
}

process.stdout.write("\n");
for (const result of results) process.stdout.write(`${result.title.padEnd(18)}${describe(result)}\n`);
tell("Passed only when tried again", "flaky");
tell("Failed", "failures");
const total = (what) => results.reduce((sum, result) => sum + (result[what] ?? 0), 0);
const failed = total("failed");
const skipped = total("skipped");
process.stdout.write(
  `\n${total("passed")} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""}\n`,
);
process.exitCode = failed > 0 ? 1 : 0;

function note(result) {
  say(`${result.title}: ${describe(result)}`);
  results.push(result);
}

async function runStage(name, node) {
  const { title, run } = stages[name];
  say(`${title} …`);
  const began = Date.now();
  const counts = await run(node);
  return { title, seconds: Math.round((Date.now() - began) / 1000), ...counts };
}

async function program(node, file, args) {
  return settle(await node([path.join(root, "node_modules", file), ...args]), succeeded);
}

/** With the key that the browser tests' consoles start with: another one would make them build the pages again. */
async function build(node) {
  const env = {
    ...process.env,
    NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: Buffer.alloc(32, "e2e").toString("base64"),
  };
  return settle(await node([path.join(root, "scripts", "build.mjs")], env), succeeded);
}

async function vitest(node, project) {
  const file = path.join(reports, `${project}.json`);
  const args = [
    path.join(root, "lib", "testing", "run-tests.ts"),
    project,
    file,
    ...(again ? ["--again"] : []),
  ];
  return settle(await node(args), () => readVitestReport(file));
}

async function playwright(node) {
  const file = path.join(reports, "e2e.json");
  const ended = await node(
    [
      path.join(root, "node_modules", "@playwright", "test", "cli.js"),
      "test",
      "--reporter=list,json",
      `--retries=${again ? 1 : 0}`,
    ],
    { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: file, PLAYWRIGHT_JSON_OUTPUT_FILE: file },
  );
  return settle(ended, () => readPlaywrightReport(file));
}

/** A stage that ends badly without a failed test (a type, a crash, what the servers' end found) counts as one failure. */
function settle({ code, said }, readReport) {
  const report = readReport(code) ?? { passed: 0, failed: 0, skipped: 0, failures: [], flaky: [] };
  if (code === 0 || report.failed > 0) return report;
  const failures = [{ name: `It ended with status ${code} and said last`, error: lastLines(said) }];
  return { ...report, failed: 1, failures };
}

function succeeded(code) {
  return code === 0 ? { passed: 1, failed: 0, skipped: 0, failures: [], flaky: [] } : null;
}

/** Runs a program of the tests on this terminal, or with `onOutput` for itself. @returns how it ended and what it said last */
async function node(args, env = process.env, onOutput = (text, to) => to.write(text)) {
  let said = "";
  const listen = (text, to) => {
    said = (said + text).slice(-20_000);
    onOutput(text, to);
  };
  const code = await runHere(pinnedNode(), args, { env, onOutput: listen });
  if (code === 130 || code === 143) process.exit(code);
  return { code, said };
}

function tell(title, what) {
  for (const result of results)
    if (result[what].length > 0)
      process.stdout.write(`\n${title}, ${result.title}:\n${listFailures(result[what])}\n`);
}

function describe({ passed, failed, skipped, seconds }) {
  return `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""} (${seconds} s)`;
}
