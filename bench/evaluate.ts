import { spawnSync } from "node:child_process";
import { recordRounds } from "../lib/alerting/record-round.ts";
import type { AuditDb } from "../lib/audit-db/types.ts";
import { defineCheck, type ObjectState, stateAt } from "../lib/check.ts";
import { createHistory } from "../lib/collector/history/history.ts";
import { openConsoleDb } from "../lib/db/console-db.ts";
import { migrateConsole } from "../lib/db/migrate.ts";
import { evaluationRound } from "../lib/evaluation/evaluation-round.ts";
import { createLogger } from "../lib/log/log.ts";
import { startCluster } from "../lib/testing/cluster.ts";
import { startPrometheus } from "./support/prometheus.ts";
import { median, report, step } from "./support/report.ts";
import { serverCpuMs } from "./support/server-cpu.ts";

/**
 * CPU of one cycle over 60 checks × 20 targets × 50 objects, of which 1 % change their state: judged, kept in the console
 * database with since when, and made alerts and incidents of (worker and its database), ÷ what Debian's Prometheus uses to
 * evaluate 60 rules over as many series that it has in memory. What looking at the targets costs is not in it, nor is its
 * scraping: `evaluate-load` measures ours.
 */
const [checkCount, targetCount, objectCount] = [60, 20, 50];
const changing = 0.01;
const limit = 0.9;
const cycles = 9;
const intervalMs = 30_000;

if (spawnSync("prometheus", ["--version"], { stdio: "ignore" }).error) {
  console.error("evaluate needs Prometheus: apt-get install -y --no-install-recommends prometheus");
  process.exit(2);
}
const targets = Array.from({ length: targetCount }, (_, i) => `target-${i}`);
/** Value of each series: `values[check][target][object]`. One in a hundred is beyond the limit. */
const values = Array.from({ length: checkCount }, (_, c) =>
  targets.map((_target, t) =>
    Array.from({ length: objectCount }, (_, o) => ((c * 31 + t * 17 + o) % 100 === 0 ? 0.95 : 0.5)),
  ),
);
const logger = createLogger({ level: "error", name: "bench" });
const own = await startCluster(18);
const url = new URL(own.url);
url.pathname = "/postgres";
const prometheus = await startPrometheus(
  exposition(),
  Array.from({ length: checkCount }, (_, c) => `bench{check="${c}"} >= ${limit}`),
);
try {
  await migrateConsole(url.href);
  const console_ = openConsoleDb(url.href, { max: 4 });
  const checks = values.map((_, c) => syntheticCheck(c));
  let clock = Date.now();
  const rounds = targets.map((target) =>
    evaluationRound({
      sql: console_.sql,
      audit: { target, status: () => ({ state: "up" }) } as unknown as AuditDb,
      checks,
      history: createHistory(console_.sql),
      instances: async () => [],
      upkeep: async () => [],
      duties: async () => [],
      logger,
      record: recordRounds(),
      clock: () => clock,
    }),
  );
  const { signal } = new AbortController();
  while ((await prometheus.firing()) === 0) await new Promise((resolve) => setTimeout(resolve, 1_000));
  const ours: { worker: number; database: number }[] = [];
  const theirs: number[] = [];
  for (let cycle = 0; cycle <= cycles; cycle += 1) {
    change(cycle);
    clock += intervalMs;
    // Reading /proc costs this process some 5 ms.
    const database = serverCpuMs(own.pid() ?? 0);
    const worker = process.cpuUsage();
    for (const round of rounds) await round(signal);
    const { user, system } = process.cpuUsage(worker);
    const spent = {
      worker: (user + system) / 1_000,
      database: serverCpuMs(own.pid() ?? 0) - database,
    };
    const other = await prometheus.evaluationCpuMs(3);
    step(
      `cycle ${cycle}${cycle === 0 ? " (first sight)" : ""}: worker ${spent.worker.toFixed(0)} ms, database ${spent.database.toFixed(0)} ms; Prometheus ${other.toFixed(0)} ms`,
    );
    if (cycle === 0) continue;
    ours.push(spent);
    theirs.push(other);
  }
  const [count] = await console_.sql`
    select count(*)::int as states, (count(*) filter (where state <> 'ok'))::int as bad from check_state`;
  step(`${count?.states} states, ${count?.bad} of them bad; Prometheus fires ${await prometheus.firing()}`);
  await console_.close();
  const total = median(ours.map(({ worker, database }) => worker + database));
  report({
    name: "evaluate",
    ratio: total / median(theirs),
    aim: "<= 1.00",
    ours: `${total.toFixed(0)} ms of CPU for ${(checkCount * targetCount * objectCount).toLocaleString("en")} states, ${median(ours.map(({ database }) => database)).toFixed(0)} of them the database's`,
    other: `${median(theirs).toFixed(0)} ms of Prometheus for as many series`,
  });
} finally {
  await prometheus.stop();
  await own.destroy();
}

function syntheticCheck(c: number) {
  return defineCheck({
    id: `bench.check_${c}`,
    title: `Check ${c}`,
    unit: "ratio",
    path: "overview",
    runbook: "Nothing to do.",
    needs: "nothing",
    thresholds: { warning: limit, critical: 0.99, direction: "rising" },
    async evaluate({ audit }, limitsFor) {
      const ofTarget = values[c]?.[targets.indexOf(audit.target)] ?? [];
      const objects = ofTarget.map((value, o): ObjectState => {
        const object = {
          kind: "relation",
          database: "audit",
          schema: "public",
          name: `object_${o}`,
        } as const;
        const threshold = limitsFor(object);
        const title = `object_${o} is at ${(value * 100).toFixed(0)} %.`;
        const detail = "What it means and what to do about it, in a sentence or two.";
        return {
          object,
          state: stateAt(value, threshold),
          value,
          threshold,
          since: null,
          words: { title, detail },
        };
      });
      return { objects, complete: true };
    },
  });
}

/** One in a hundred changes: half of them go beyond the limit, those of the cycle before come back. */
function change(cycle: number): void {
  const share = 2 / changing;
  let index = 0;
  for (const ofTarget of values)
    for (const objects of ofTarget)
      for (let o = 0; o < objects.length; o += 1, index += 1) {
        if (index % share === (cycle * 7) % share) objects[o] = 0.95;
        else if (index % share === ((cycle - 1) * 7) % share) objects[o] = 0.5;
      }
}

function exposition(): string {
  const lines = values.flatMap((ofTarget, check) =>
    ofTarget.flatMap((objects, target) =>
      objects.map(
        (value, object) => `bench{check="${check}",target="${target}",object="${object}"} ${value}`,
      ),
    ),
  );
  return `${lines.join("\n")}\n`;
}
