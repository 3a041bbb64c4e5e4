import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import postgres from "postgres";
import { uuidV7 } from "../lib/audit-db/append/uuid-v7.ts";
import { closeTargets } from "../lib/audit-db/registry.ts";
import { extendPartitions } from "../lib/audit-db/schema/extend-partitions.ts";
import { migrateAudit } from "../lib/audit-db/schema/migrate.ts";
import { createMasterKeyFile } from "../lib/audit-db/vault/file-master-keys.ts";
import { closeConsoleDb, consoleDb } from "../lib/db/console-db.ts";
import { migrateConsole } from "../lib/db/migrate.ts";
import { replaceEnv } from "../lib/env.ts";
import { closeVault, openVault } from "../lib/key-store/open-vault.ts";
import { destroyMarkedKey } from "../lib/privacy/destroy-key.ts";
import { erasureContext } from "../lib/privacy/erasure-context.ts";
import { readErasures } from "../lib/privacy/erasures.ts";
import { lookAtErasure } from "../lib/privacy/look-at-erasure.ts";
import { startCluster } from "../lib/testing/cluster.ts";
import { median, report, step } from "./support/report.ts";

/**
 * Erasing one person's policy as the product does (floors asked, holds asked, the key marked, floors asked again, destroyed
 * through the gate with its ledger entry), but for the wait of one key TTL, ÷ pseudonymising the same rows by an UPDATE of
 * each partition. `node bench/erase.ts [EVENTS]`, 10,000,000 unless given: 60 months, each person in one of 10,000.
 */
const events = Number(process.argv[2] ?? 10_000_000);
const months = 60;
const one = 10_000;
const rounds = 5;

const cluster = await startCluster(18, {
  fsync: "on",
  full_page_writes: "on",
  shared_buffers: "512MB",
  max_wal_size: "4GB",
});
const folder = mkdtempSync(path.join(tmpdir(), "audit-bench-"));
const at = (database: string) => {
  const url = new URL(cluster.url);
  url.pathname = `/${database}`;
  return url.href;
};
const admin = postgres(cluster.url, { max: 1, onnotice: () => {} });
await admin`create database audit`;
await admin`create database console`;
await admin.end();
await migrateAudit(at("audit"));
await migrateConsole(at("console"));
const sql = postgres(at("audit"), { max: 1, onnotice: () => {} });
try {
  const masterKeyFile = path.join(folder, "master-keys.json");
  createMasterKeyFile(masterKeyFile);
  replaceEnv({
    AUDIT_DATABASES: JSON.stringify({ bench: { database_url: at("audit"), reader_url: at("audit") } }),
    CONSOLE_DATABASE_URL: at("console"),
    MASTER_KEY_FILE: masterKeyFile,
    LOG_LEVEL: "silent",
  });
  const people = Array.from({ length: 2 * rounds }, (_, nth) => `person ${nth}`);
  const place = { target: "bench", policy: "minimal" };
  const sealed = await openVault()?.protect(
    people.map((id) => ({ ...place, person: { id }, context: "bench/actor" })),
  );
  const tokens = (sealed ?? []).map(({ token }) => token);
  await fill(tokens);
  const ours: number[] = [];
  const other: number[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(await timed(() => erase(tokens[2 * round] as string)));
    other.push(await timed(() => pseudonymise(tokens[2 * round + 1] as string)));
    step(
      `round ${round}: erased in ${ours.at(-1)?.toFixed(1)} ms, updated in ${other.at(-1)?.toFixed(0)} ms`,
    );
  }
  const [mine, theirs] = [median(ours), median(other)];
  report({
    name: "erase",
    ratio: mine / theirs,
    aim: "<= 0.01",
    ours: `${mine.toFixed(1)} ms for ${Math.round(events / one)} rows of ${events.toLocaleString("en")}`,
    other: `${theirs.toFixed(0)} ms by an UPDATE of each of ${months} partitions, before any VACUUM`,
  });
} finally {
  await closeTargets();
  await closeVault();
  await closeConsoleDb();
  await sql.end();
  await cluster.destroy();
  rmSync(folder, { recursive: true, force: true });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** The person stands in every 10,000th row, over five years that ended long enough ago. */
async function fill(tokens: readonly string[]): Promise<void> {
  const began = performance.now();
  const to = new Date(Date.now() - 120 * 86_400_000);
  const from = new Date(to);
  from.setUTCMonth(from.getUTCMonth() - months + 1);
  await extendPartitions(sql, { from: () => from, now: to, ahead: 0 });
  for (let first = 0; first < events; first += 250_000) {
    await sql`
      insert into public.audit_log (id, occurred_at, recorded_at, organization_id, action, status, event_version,
        data_classification, retention_policy, details, actor_token, actor_personal, actor_digest, leaf_version, leaf)
      select gen_random_uuid(), at, at, 'o' || i % 50, 'record.viewed', 'success', 1, 'PUBLIC', 'minimal',
             jsonb_build_object('nth', i, 'note', repeat('x', 120)),
             coalesce((${JSON.stringify(tokens)}::text::jsonb) ->> (i % ${one})::int, 'p_' || i % ${one}),
             decode(repeat('ab', 140), 'hex'), sha256(i::text::bytea), 1, sha256(('l' || i)::bytea)
      from generate_series(${first}::bigint, ${Math.min(first + 250_000, events) - 1}::bigint) i
      cross join lateral (
        select ${from}::timestamptz + (${to}::timestamptz - ${from}::timestamptz) * (i::float8 / ${events}) as at) times`;
    step(`${Math.min(first + 250_000, events).toLocaleString("en")} events`);
  }
  await sql`vacuum analyze public.audit_log`;
  // What the guards are there to refuse.
  const parts = await sql<{ name: string }[]>`
    select relid::regclass::text as name from pg_partition_tree('public.audit_log')`;
  for (const { name } of parts) await sql.unsafe(`alter table ${name} disable trigger all`);
  await sql`checkpoint`;
  step(`filled in ${((performance.now() - began) / 1_000).toFixed(0)} s`);
}

async function erase(token: string): Promise<void> {
  const console = consoleDb();
  const id = uuidV7();
  await console.sql`
    insert into erasure (id, token, target, policy, state, held_by, requested_by_name, requested_at)
    values (${id}, ${token}, 'bench', 'minimal', 'asked', '[]', 'bench', now())`;
  const context = erasureContext(console, () => new Date());
  const [asked] = await readErasures(console.db, [id]);
  if (!asked) throw new Error("the erasure is not there");
  const marked = await lookAtErasure(context, asked);
  if (marked.state !== "marked") throw new Error(`the erasure is ${marked.state}`);
  await destroyMarkedKey(context, marked, 0);
}

async function pseudonymise(token: string): Promise<void> {
  const parts = await sql<{ name: string }[]>`
    select relid::regclass::text as name from pg_partition_tree('public.audit_log_minimal') where isleaf`;
  for (const { name } of parts)
    await sql.unsafe(
      `update ${name} set actor_token = 'pseudonym', actor_personal = null, actor_digest = null where actor_token = $1`,
      [token],
    );
}
