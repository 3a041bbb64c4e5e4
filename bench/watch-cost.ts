import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "../lib/audit-db/connect.ts";
import type { AuditDb, ReadStatement } from "../lib/audit-db/types.ts";
import type { Cadence } from "../lib/collector/types.ts";
import type { Observed } from "../lib/result.ts";
import { samplers } from "../lib/samplers.ts";
import { freePort } from "../lib/testing/cluster.ts";
import { type LargeServer, startLargeServer } from "./support/large-server.ts";
import { median, report, step } from "./support/report.ts";
import { serverCpuMs } from "./support/server-cpu.ts";

/**
 * PostgreSQL CPU that our collector costs per 10 s, against one scrape of prometheus-postgres-exporter, on the
 * same server with 1,000 partitions and 5,000 statements. Slower probes are spread over their cadence.
 */
const partitions = 1_000;
const statements = 5_000;
const rounds = 5;
const exporterBinary = "/usr/bin/prometheus-postgres-exporter";
const cadences: Cadence[] = [10, 60, 600];
/** How often each cadence is sampled in one round. */
const repeats: Record<Cadence, number> = { 10: 20, 60: 5, 600: 2 };

const silent = { debug() {}, info() {}, warn() {}, error() {} };

async function measure(server: LargeServer, times: number, work: () => Promise<void>): Promise<number> {
  const pid = server.cluster.pid();
  if (!pid) throw new Error("the server is not running");
  const before = serverCpuMs(pid);
  for (let i = 0; i < times; i++) await work();
  return (serverCpuMs(pid) - before) / times;
}

/**
 * The engine of one cycle: samplers share an answer as they do in the collector, whose cache outlives a cycle,
 * and nothing comes from the cycle before.
 */
function ofOneCycle(audit: AuditDb): AuditDb {
  const answers = new Map<string, Promise<unknown>>();
  return {
    ...audit,
    read<T>(statement: ReadStatement<T>) {
      const key = JSON.stringify([statement.name, statement.key]);
      const answer = answers.get(key) ?? audit.read(statement);
      answers.set(key, answer);
      return answer as Promise<Observed<T>>;
    },
  };
}

async function sampleOnce(engine: AuditDb, cadence: Cadence): Promise<void> {
  const audit = ofOneCycle(engine);
  for (const sampler of samplers.filter((s) => s.everySeconds === cadence)) {
    await sampler.sample(audit, { instances: async () => [] });
  }
}

const server = await startLargeServer(partitions, statements);
step(`server with ${partitions} partitions and ${statements} statements is up`);
const port = await freePort();
const exporter = spawn(exporterBinary, [`--web.listen-address=127.0.0.1:${port}`], {
  env: { ...process.env, DATA_SOURCE_NAME: `${server.watchUrl}?sslmode=disable` },
  stdio: "ignore",
});
try {
  await Promise.race([
    sleep(2_000),
    new Promise((_, reject) =>
      exporter.once("error", () =>
        reject(new Error("install prometheus-postgres-exporter (apt-get install) to compare with it")),
      ),
    ),
  ]);
  const scrape = async () => {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    if (!text.includes("pg_up 1")) throw new Error("the exporter does not reach the server");
  };
  const exporterMs: number[] = [];
  const oursMs: Record<Cadence, number[]> = { 10: [], 60: [], 600: [] };
  for (let round = 0; round <= rounds; round++) {
    const scrapeMs = await measure(server, 20, scrape);
    const cycle = {} as Record<Cadence, number>;
    for (const cadence of cadences) {
      // One long-lived engine as in the worker, whose answers live for no time: nothing may come from a cache.
      const audit = connect({
        target: "bench",
        urls: { watch: server.watchUrl },
        logger: silent,
        cache: { staleMs: 1 },
      });
      await sampleOnce(audit, cadence);
      cycle[cadence] = await measure(server, repeats[cadence], () => sampleOnce(audit, cadence));
      await audit.close();
    }
    step(
      `round ${round}${round === 0 ? " (warm-up)" : ""}: exporter ${scrapeMs.toFixed(1)} ms, ours ${cadences.map((c) => `${c} s: ${cycle[c].toFixed(1)} ms`).join(", ")}`,
    );
    if (round === 0) continue;
    exporterMs.push(scrapeMs);
    for (const cadence of cadences) oursMs[cadence].push(cycle[cadence]);
  }
  const per10s = median(oursMs[10]) + median(oursMs[60]) / 6 + median(oursMs[600]) / 60;
  const other = median(exporterMs);
  report({
    name: "watch-cost",
    ratio: per10s / other,
    aim: "<= 0.40",
    ours: `${per10s.toFixed(1)} ms of PostgreSQL CPU per 10 s = ${median(oursMs[10]).toFixed(1)} + ${median(oursMs[60]).toFixed(1)} ÷ 6 + ${median(oursMs[600]).toFixed(1)} ÷ 60`,
    other: `prometheus-postgres-exporter ${other.toFixed(1)} ms per scrape`,
  });
} finally {
  exporter.kill("SIGTERM");
  await server.cluster.destroy();
}
