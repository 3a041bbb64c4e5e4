// npm test [-- STAGE …]: everything the tests need, then every stage; the last line is the count.
import { mkdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { installIfStale } from "./install.mjs";
import { pinnedNode, requireNode, root } from "./project.mjs";
import { runHere } from "./run.mjs";
import { fail, say } from "./say.mjs";
import { installSystemPackages } from "./system-packages.mjs";
import { readPlaywrightReport, readVitestReport } from "./test-reports.mjs";

// Where nobody can look at once, a test that fails is tried once more; that it did is told above the last line.
const retries = process.env.CI ? 1 : 0;
const reports = path.join(os.tmpdir(), `audit-dashboard-test-${process.pid}`);
process.on("exit", () => rmSync(reports, { recursive: true, force: true }));
const stages = {
  types: { title: "types", run: () => program("typescript/bin/tsc", ["--noEmit"]) },
  lint: { title: "lint and format", run: () => program("@biomejs/biome/bin/biome", ["check", "."]) },
  unit: { title: "unit tests", run: () => vitest("unit") },
  db: { title: "database tests", run: () => vitest("db") },
  build: { title: "production build", run: build },
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
process.env.PATH = `${path.join(root, "node_modules", ".bin")}${path.delimiter}${process.env.PATH}`;

mkdirSync(reports, { recursive: true });
const results = [];
for (const name of wanted) {
  const { title, run } = stages[name];
  say(`${title} …`);
  const began = Date.now();
  const counts = await run();
  results.push({ title, seconds: Math.round((Date.now() - began) / 1000), ...counts });
  say(`${title}: ${describe(results.at(-1))}`);
}

process.stdout.write("\n");
for (const result of results) process.stdout.write(`${result.title.padEnd(18)}${describe(result)}\n`);
const flaky = results.flatMap((result) => result.flaky ?? []);
if (flaky.length > 0) process.stdout.write(`\nPassed only when tried again:\n${flaky.join("\n")}\n`);
const total = (what) => results.reduce((sum, result) => sum + (result[what] ?? 0), 0);
const failed = total("failed");
const skipped = total("skipped");
process.stdout.write(
  `\n${total("passed")} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""}\n`,
);
process.exitCode = failed > 0 ? 1 : 0;

async function program(file, args) {
  const code = await node([path.join(root, "node_modules", file), ...args]);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** With the key that the browser tests' consoles start with: another one would make them build the pages again. */
async function build() {
  const env = {
    ...process.env,
    NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: Buffer.alloc(32, "e2e").toString("base64"),
  };
  const code = await node([path.join(root, "scripts", "build.mjs")], env);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

async function vitest(project) {
  const file = path.join(reports, `${project}.json`);
  const args = [
    "run",
    "--project",
    project,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${file}`,
    `--retry=${retries}`,
  ];
  const code = await node([path.join(root, "node_modules", "vitest", "vitest.mjs"), ...args]);
  return settle(code, readVitestReport(file));
}

async function playwright() {
  const file = path.join(reports, "e2e.json");
  const code = await node(
    [
      path.join(root, "node_modules", "@playwright", "test", "cli.js"),
      "test",
      "--reporter=list,json",
      `--retries=${retries}`,
    ],
    { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: file, PLAYWRIGHT_JSON_OUTPUT_FILE: file },
  );
  return settle(code, readPlaywrightReport(file));
}

/** A stage that ends badly without a failed test (a crash, a file that does not load) counts as one failure. */
function settle(code, report) {
  const { passed, failed, skipped, flaky } = report ?? { passed: 0, failed: 0, skipped: 0, flaky: [] };
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed, skipped, flaky };
}

async function node(args, env = process.env) {
  const code = await runHere(pinnedNode(), args, { env });
  if (code === 130 || code === 143) process.exit(code);
  return code;
}

function describe({ passed, failed, skipped, seconds }) {
  return `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""} (${seconds} s)`;
}
