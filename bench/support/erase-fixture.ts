import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import postgres, { type Sql } from "postgres";
import { extendPartitions } from "../../lib/audit-db/schema/extend-partitions.ts";
import { migrateAudit } from "../../lib/audit-db/schema/migrate.ts";
import { type Cluster, startKeptCluster } from "../../lib/testing/cluster.ts";
import { step } from "./report.ts";

const perStatement = 250_000;
/** The newest event is older than the floor of its policy. */
const endedDays = 120;

export interface EraseFixture {
  cluster: Cluster;
  /** Superuser of the audit database. */
  sql: Sql;
  /** Of a database, for a role of the server's. */
  urlOf(database: string, role?: string): string;
  /** Tokens of people all of whose rows are as they were made; each is given once, in this run or any. */
  takePeople(count: number): Promise<string[]>;
  stop(): Promise<void>;
}

/**
 * A durable PostgreSQL 18 with events of one policy over so many months that have ended, each person in one of `seldom`. It
 * stays in `.data/bench/erase` and is taken up by the next run that asks for the same.
 */
export async function startEraseFixture(asked: {
  events: number;
  months: number;
  seldom: number;
}): Promise<EraseFixture> {
  const root = path.resolve(import.meta.dirname, "../../.data/bench/erase");
  const note = path.join(root, "fixture.json");
  const description = JSON.stringify({ version: 1, ...asked });
  const isThere = existsSync(note) && readFileSync(note, "utf8") === description;
  if (!isThere) rmSync(root, { recursive: true, force: true });
  const cluster = await startKeptCluster(root, 18, {
    fsync: "on",
    full_page_writes: "on",
    shared_buffers: "512MB",
    max_wal_size: "4GB",
  });
  const urlOf = (database: string, role = "postgres") =>
    Object.assign(new URL(cluster.url), { pathname: `/${database}`, username: role }).href;
  const server = postgres(cluster.url, { max: 1, onnotice: () => {} });
  const sql = postgres(urlOf("audit"), { max: 1, onnotice: () => {} });
  if (!isThere) {
    await server`create database audit`;
    await server`create table people (next int not null)`;
    await server`insert into people values (0)`;
    await migrateAudit(urlOf("audit"));
    await server`create role bench_reader login password 'test' in role pg_monitor, audit_reader`;
    await fill(sql, asked);
    writeFileSync(note, description);
  }
  // As the product keeps them: to the present and ahead of it.
  await extendPartitions(sql, { now: new Date(), ahead: 2, from: () => endOf(new Date()) });
  return {
    cluster,
    sql,
    urlOf,
    async takePeople(count) {
      const [taken] = await server<{ last: number }[]>`
        update people set next = next + ${count} returning next as last`;
      const last = taken?.last ?? 0;
      if (last > asked.seldom) throw new Error(`everybody of the fixture was used: delete ${root}`);
      return Array.from({ length: count }, (_, nth) => tokenOf(last - count + nth));
    },
    async stop() {
      await Promise.all([server.end(), sql.end()]);
      await cluster.stop();
    },
  };
}

const tokenOf = (person: number) => `p_${person}`;
const endOf = (now: Date) => new Date(now.getTime() - endedDays * 86_400_000);

async function fill(
  sql: Sql,
  { events, months, seldom }: { events: number; months: number; seldom: number },
): Promise<void> {
  const began = performance.now();
  const to = endOf(new Date());
  const from = new Date(to);
  from.setUTCMonth(from.getUTCMonth() - months + 1);
  await extendPartitions(sql, { from: () => from, now: to, ahead: 0 });
  for (let first = 0; first < events; first += perStatement) {
    const last = Math.min(first + perStatement, events) - 1;
    await sql`
      insert into public.audit_log (id, occurred_at, recorded_at, organization_id, action, status, event_version,
        data_classification, retention_policy, details, actor_token, actor_personal, actor_digest, leaf_version, leaf)
      select gen_random_uuid(), at, at, 'o' || i % 50, 'record.viewed', 'success', 1, 'PUBLIC', 'minimal',
             jsonb_build_object('nth', i, 'note', repeat('x', 120)), 'p_' || i % ${seldom}::int,
             decode(repeat('ab', 140), 'hex'), sha256(i::text::bytea), 1, sha256(('l' || i)::bytea)
      from generate_series(${first}::bigint, ${last}::bigint) i
      cross join lateral (
        select ${from}::timestamptz + (${to}::timestamptz - ${from}::timestamptz) * (i::float8 / ${events}) as at) times`;
    step(`${(last + 1).toLocaleString("en")} events`);
  }
  await sql`vacuum analyze public.audit_log`;
  // What the guards are there to refuse is the other side of the comparison.
  const parts = await sql<{ name: string }[]>`
    select relid::regclass::text as name from pg_partition_tree('public.audit_log')`;
  for (const { name } of parts) await sql.unsafe(`alter table ${name} disable trigger all`);
  await sql`checkpoint`;
  step(`filled in ${((performance.now() - began) / 1_000).toFixed(0)} s`);
}
