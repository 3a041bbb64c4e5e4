import postgres, { type Sql } from "postgres";
import { closeTargets } from "../lib/audit-db/registry.ts";
import { migrateAudit } from "../lib/audit-db/schema/migrate.ts";
import { systemActor } from "../lib/auth/actor.ts";
import { checks } from "../lib/checks.ts";
import { createHistory } from "../lib/collector/history/history.ts";
import { createPartitions } from "../lib/collector/roll-up/maintain-partitions.ts";
import { collectTarget } from "../lib/collector/sampling/collect-target.ts";
import { closeConsoleDb, consoleDb } from "../lib/db/console-db.ts";
import { migrateConsole } from "../lib/db/migrate.ts";
import { openEngine } from "../lib/engines/open-engine.ts";
import { env, replaceEnv } from "../lib/env.ts";
import { evaluationRound } from "../lib/evaluation/evaluation-round.ts";
import { createLogger } from "../lib/log/log.ts";
import { reads } from "../lib/reads.ts";
import { runRead } from "../lib/run-read.ts";
import { samplers } from "../lib/samplers.ts";
import { startCluster } from "../lib/testing/cluster.ts";
import { median, report, step } from "./support/report.ts";
import { serverCpuMs } from "./support/server-cpu.ts";

/**
 * CPU that one worker spends on evaluating every check on twenty targets, as a share of a core at the interval of 30 s;
 * it fails when a check asks a statement that neither the collector nor a page asks. The targets are databases of one
 * server with the audit schema and an hour of history. Nothing is answered from the cache of the round before, not even
 * what checks otherwise ask once in 5 or 10 minutes: a round here is the dearest that can be.
 */
const targetCount = 20;
/** What an engine asks every few seconds, whoever uses it: it falls into some rounds and not into others. */
const ownLook = "engine.probe";
const intervalSeconds = 30;
const rounds = 7;
/** Two samples of what is sampled once a minute. */
const collectForMs = 75_000;

const logger = createLogger({ level: "error", name: "bench" });
const [audits, own] = await Promise.all([
  startCluster(18, { max_connections: "300", autovacuum: "off", track_io_timing: "on" }),
  startCluster(18),
]);
const names = Array.from({ length: targetCount }, (_, i) => `bench-${String(i + 1).padStart(2, "0")}`);
const at = (url: string, database: string, user?: string) => {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  if (user) changed.username = user;
  return changed.href;
};
const admin = postgres(audits.url, { max: 1, onnotice: () => {} });
try {
  await prepareTargets(admin);
  step(`${targetCount} targets with the audit schema are up`);
  const { sql } = consoleDb();
  await createPartitions(sql, new Date(Date.now() - 3_600_000));
  await createPartitions(sql, new Date());
  await collectAll(sql, env().targets.map(openEngine));
  // What an engine keeps of its server for minutes is asked by the first who wants to know: these know nothing.
  await closeTargets();
  const engines = env().targets.map(openEngine);
  await repeatBackwards(sql);
  step(`collected for ${collectForMs / 1_000} s, and an hour of it put before`);

  const known = await tagsOf(async () => {
    const [audit] = engines;
    if (!audit) return;
    await audit.dropAnswers({ tags: ["*"] });
    for (const sampler of samplers) await sampler.sample(audit, { instances: async () => [] });
    await askEveryPage(names[0] ?? "");
  });
  const history = createHistory(sql);
  let clock = Date.now();
  const evaluate = engines.map((audit) =>
    evaluationRound({
      sql,
      audit,
      checks,
      history,
      instances: async () => [],
      upkeep: async () => [],
      logger,
      clock: () => clock,
    }),
  );
  const { signal } = new AbortController();
  const workerMs: number[] = [];
  const auditMs: number[] = [];
  const consoleMs: number[] = [];
  /** In all measured rounds. */
  const asked = new Map<string, number>();
  for (let round = 0; round <= rounds; round++) {
    for (const audit of engines) await audit.dropAnswers({ tags: ["*"] });
    clock += intervalSeconds * 1_000;
    // Reading /proc costs this process some 5 ms.
    const before = { audit: cpuOf(audits), own: cpuOf(own), worker: process.cpuUsage() };
    const tags = await tagsOf(() => Promise.all(evaluate.map((work) => work(signal))));
    const { user, system } = process.cpuUsage(before.worker);
    const spent = {
      worker: (user + system) / 1_000,
      audit: cpuOf(audits) - before.audit,
      own: cpuOf(own) - before.own,
    };
    step(
      `round ${round}${round === 0 ? " (warm-up)" : ""}: worker ${spent.worker.toFixed(0)} ms, audit server ${spent.audit.toFixed(0)} ms, console server ${spent.own.toFixed(0)} ms`,
    );
    if (round === 0) continue;
    workerMs.push(spent.worker);
    auditMs.push(spent.audit);
    consoleMs.push(spent.own);
    for (const [tag, count] of tags) asked.set(tag, (asked.get(tag) ?? 0) + count);
  }
  await tellStates(sql);
  const calls = [...asked.values()].reduce((sum, count) => sum + count, 0);
  const extra = [...asked.keys()].filter((tag) => !known.has(tag) && tag !== ownLook);
  step(`${asked.size} statements, ${(calls / targetCount / rounds).toFixed(1)} calls a target and round`);
  for (const tag of extra) step(`  not asked by the collector or a page: ${tag}`);
  const share = median(workerMs) / (intervalSeconds * 1_000);
  report({
    name: "evaluate-load",
    ratio: share,
    aim: "<= 0.05",
    ours: `${median(workerMs).toFixed(0)} ms of a worker's CPU for ${checks.length} checks on ${targetCount} targets every ${intervalSeconds} s`,
    other: `one core; the audit server ${median(auditMs).toFixed(0)} ms and the console's ${median(consoleMs).toFixed(0)} ms; ${extra.length} statements that neither collector nor pages ask`,
  });
  if (extra.length > 0) process.exitCode = 1;
} finally {
  await admin.end();
  await closeTargets();
  await closeConsoleDb();
  await Promise.all([audits.destroy(), own.destroy()]);
}

async function prepareTargets(server: Sql): Promise<void> {
  await server`create role watcher login password 'test' in role pg_monitor`;
  for (const name of names) await server`create database ${server(name)}`;
  for (const name of names) {
    const database = postgres(at(audits.url, name), { max: 1, onnotice: () => {} });
    await migrateAudit(at(audits.url, name));
    await database`create extension pg_stat_statements`;
    await database`grant audit_reader to watcher`;
    await database.end();
  }
  await migrateConsole(at(own.url, "postgres"));
  replaceEnv({
    CONSOLE_DATABASE_URL: at(own.url, "postgres"),
    AUDIT_DATABASES: JSON.stringify(
      Object.fromEntries(names.map((name) => [name, { database_url: at(audits.url, name, "watcher") }])),
    ),
    LOG_LEVEL: "silent",
  });
}

async function collectAll(sql: Sql, engines: ReturnType<typeof openEngine>[]): Promise<void> {
  const signal = AbortSignal.timeout(collectForMs);
  await Promise.all(engines.map((audit) => collectTarget({ sql, audit, samplers, logger }, signal)));
}

/** The newest sample of each series every 10, 60 or 600 s for the hour before it. */
async function repeatBackwards(sql: Sql): Promise<void> {
  await sql`
    insert into history.total_raw (slot, at, counts_since, target_id, sampler_id, figures)
    select newest.slot - step, newest.at - step, counts_since, target_id, sampler_id, figures
    from (select distinct on (target_id, sampler_id) * from history.total_raw order by target_id, sampler_id, slot desc) newest
    join history.sampler on sampler.id = sampler_id,
    lateral generate_series(every_seconds, 3600, every_seconds) seconds,
    lateral make_interval(secs => seconds) step
    on conflict do nothing`;
  await sql`update history.collecting set since = since - interval '1 hour'`;
}

/** Every read that a page or the API can ask of a target without naming an object of it. */
async function askEveryPage(target: string): Promise<void> {
  const actor = systemActor("bench");
  for (const [name, read] of Object.entries(reads)) {
    // It evaluates the checks itself.
    if (name === "overview") continue;
    const inputs = [{}, { range: { range: "1h" } }, { schema: "public" }];
    const input = inputs.find((each) => read.input.safeParse(each).success);
    if (input) await runRead(actor, { name, target, input });
  }
}

/** Our statements by tag with their calls while `work` was under way. */
async function tagsOf(work: () => Promise<unknown>): Promise<Map<string, number>> {
  const database = postgres(at(audits.url, names[0] ?? ""), { max: 1 });
  try {
    await database`select pg_stat_statements_reset()`;
    await work();
    const rows = await database<{ tag: string; calls: number }[]>`
      select split_part(split_part(query, '/* dashboard:', 2), ' ', 1) as tag, sum(calls)::int as calls
      from pg_stat_statements where strpos(query, '/* dashboard:') > 0 group by 1 order by 1`;
    return new Map(rows.map(({ tag, calls }) => [tag, calls]));
  } finally {
    await database.end();
  }
}

function cpuOf(cluster: typeof audits): number {
  return serverCpuMs(cluster.pid() ?? 0);
}

/** That checks judged something: a bench of what could not look would be cheap. */
async function tellStates(sql: Sql): Promise<void> {
  const states = await sql<{ state: string; objects: number }[]>`
    select state, count(*)::int as objects from check_state group by state order by objects desc`;
  const [failed] = await sql<{ count: number }[]>`
    select count(*)::int as count from check_evaluation where error is not null`;
  step(
    `states: ${states.map(({ state, objects }) => `${objects} ${state}`).join(", ")}; ${failed?.count ?? 0} evaluations failed`,
  );
}
