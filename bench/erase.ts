import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import postgres from "postgres";
import { uuidV7 } from "../lib/audit-db/append/uuid-v7.ts";
import { closeTargets } from "../lib/audit-db/registry.ts";
import { createMasterKeyFile } from "../lib/audit-db/vault/file-master-keys.ts";
import { systemActor } from "../lib/auth/actor.ts";
import { closeConsoleDb, consoleDb } from "../lib/db/console-db.ts";
import { migrateConsole } from "../lib/db/migrate.ts";
import { openConfiguredTarget } from "../lib/engines/open-target.ts";
import { replaceEnv } from "../lib/env.ts";
import type { AnyJob } from "../lib/jobs/define-job.ts";
import { enqueueJob } from "../lib/jobs/enqueue-job.ts";
import { runEntry } from "../lib/jobs/run-entry.ts";
import { closeVault, openVault } from "../lib/key-store/open-vault.ts";
import { createEraseJob } from "../lib/privacy/erasure/erase-job.ts";
import { startEraseFixture } from "./support/erase-fixture.ts";
import { median, report, step } from "./support/report.ts";

/**
 * Erasing one person's policy ÷ pseudonymising the same rows by an UPDATE of each partition. Ours is what the product's job
 * does, on both sides from the question to the last COMMIT: floors and holds asked, the key marked, floors asked again, the
 * key destroyed through the gate with its signed entry of the ledger, its receipt and its activity row. The whole job as a
 * worker runs it, from its claim to its settled row, is told beside it. Left out are the wait of one key TTL (here 0 s) and
 * the queue's own two statements that hand the entry over and note its end; of the UPDATE the VACUUM without which the old
 * values stay in the table and its indexes, which is told beside it too.
 * `node bench/erase.ts [EVENTS]`, 10,000,000 unless given: 60 months, each person in one of 10,000.
 */
const events = Number(process.argv[2] ?? 10_000_000);
const months = 60;
const seldom = 10_000;
const rounds = 15;
/** Of both sides, before what is measured: a worker and a server are not asked for the first time. */
const warmUps = 5;

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const fixture = await startEraseFixture({ events, months, seldom });
const { sql, urlOf } = fixture;
const folder = mkdtempSync(path.join(tmpdir(), "audit-bench-"));
try {
  await makeConsole();
  const people = await fixture.takePeople(2 * (rounds + warmUps));
  const eraseJob = createEraseJob({ keyTtlMs: 0 });
  let erased = 0;
  const timedJob: AnyJob = {
    ...eraseJob,
    async run(context, input) {
      const began = performance.now();
      const result = await eraseJob.run(context, input);
      erased = performance.now() - began;
      return result;
    },
  };
  await giveKeys(people);
  const ours: number[] = [];
  const jobs: number[] = [];
  const other: number[] = [];
  for (let round = -warmUps; round < rounds; round++) {
    const [first, second] = people.splice(0, 2) as [string, string];
    const entry = await ask(first);
    const whole = await timed(() => runEntry(runner(), entry, new Set()));
    const updated = await timed(() => pseudonymise(second));
    await assertErased(first);
    step(
      `round ${round}: ${erased.toFixed(1)} of ${whole.toFixed(1)} ms, updated in ${updated.toFixed(0)} ms`,
    );
    if (round < 0) continue;
    ours.push(erased);
    jobs.push(whole);
    other.push(updated);
  }
  const [mine, theirs] = [median(ours), median(other)];
  const vacuumed = await timed(vacuum);
  report({
    name: "erase",
    ratio: mine / theirs,
    aim: "<= 0.01",
    ours: `${mine.toFixed(1)} ms for ${Math.round(events / seldom)} rows of ${events.toLocaleString("en")}, ${median(jobs).toFixed(1)} ms the whole job`,
    other: `${theirs.toFixed(0)} ms by an UPDATE of each of ${months} partitions; the VACUUM that takes the values out ${(vacuumed / 1_000).toFixed(1)} s more`,
  });

  function runner() {
    return {
      console: consoleDb(),
      jobs: [timedJob],
      openTarget: openConfiguredTarget,
      logger: silent,
      holder: `bench:${process.pid}:0`,
      stopping: new AbortController().signal,
      continueAfterMs: 3_600_000,
    };
  }
} finally {
  await closeTargets();
  await closeVault();
  await closeConsoleDb();
  await fixture.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

async function makeConsole(): Promise<void> {
  const server = postgres(urlOf("postgres"), { max: 1, onnotice: () => {} });
  await server`drop database if exists console`;
  await server`create database console`;
  await server.end();
  await migrateConsole(urlOf("console"));
  const masterKeyFile = path.join(folder, "master-keys.json");
  createMasterKeyFile(masterKeyFile);
  replaceEnv({
    AUDIT_DATABASES: JSON.stringify({
      bench: { database_url: urlOf("audit", "bench_reader"), reader_url: urlOf("audit", "bench_reader") },
    }),
    CONSOLE_DATABASE_URL: urlOf("console"),
    MASTER_KEY_FILE: masterKeyFile,
    LOG_LEVEL: "silent",
  });
}

/** Keys as the vault makes them, under the tokens that stand in the fixture. */
async function giveKeys(tokens: readonly string[]): Promise<void> {
  const sealed = await openVault()?.protect(
    tokens.map((token) => ({
      target: "bench",
      policy: "minimal",
      person: { id: `person ${token}` },
      context: "bench/actor",
    })),
  );
  for (const [nth, token] of tokens.entries())
    await consoleDb().sql`
      update vault.subject_key set token = ${token} where token = ${sealed?.[nth]?.token ?? ""}`;
}

/** As the verb leaves it behind once two people agreed. @returns the entry of the queue */
async function ask(token: string): Promise<{ job: string; entry: string }> {
  const { db, sql: own } = consoleDb();
  const id = uuidV7();
  await own`
    insert into erasure (id, token, target, policy, state, held_by, requested_by_name, requested_at)
    values (${id}, ${token}, 'bench', 'minimal', 'asked', '[]', 'bench', now())`;
  const job = await db.transaction((tx) =>
    enqueueJob({ tx, actor: systemActor("bench"), now: new Date() }, createEraseJob({ keyTtlMs: 0 }), {
      target: "bench",
      erasures: [id],
    }),
  );
  const [row] = await own<{ entry: string }[]>`select entry_id as entry from job where id = ${job.id}`;
  return { job: job.id, entry: row?.entry ?? "" };
}

async function assertErased(token: string): Promise<void> {
  const [row] = await consoleDb().sql<{ state: string; key: string }[]>`
    select erasure.state, key.state as key from erasure join vault.subject_key key using (token) where token = ${token}`;
  if (row?.state !== "destroyed" || row.key !== "erased") throw new Error(`the erasure is ${row?.state}`);
}

async function partitions(): Promise<string[]> {
  const parts = await sql<{ name: string }[]>`
    select relid::regclass::text as name from pg_partition_tree('public.audit_log_minimal') join pg_class on oid = relid
    where isleaf and reltuples > 0`;
  return parts.map(({ name }) => name);
}

/** With its indexes, as the product does after a redaction. */
async function vacuum(): Promise<void> {
  for (const name of await partitions()) await sql.unsafe(`vacuum (index_cleanup on) ${name}`);
}

async function pseudonymise(token: string): Promise<void> {
  for (const name of await partitions())
    await sql.unsafe(
      `update ${name} set actor_token = 'pseudonym', actor_personal = null, actor_digest = null where actor_token = $1`,
      [token],
    );
}
