import postgres, { type Sql } from "postgres";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { createPartitions } from "../collector/roll-up/maintain-partitions.ts";
import { type Catalogue, createCatalogue } from "../collector/sampling/catalogue.ts";
import { createDatabase, type TestDatabase } from "./database.ts";

const logger = { debug() {}, info() {}, warn() {}, error() {} };

/** A database with tables that were read and written, and a console to keep what is sampled of it. */
export interface CountedServer {
  target: string;
  console: TestDatabase;
  catalogue: Catalogue;
  database: TestDatabase;
  /** May read every statistic. */
  monitor: AuditDb;
  /** May read what is open to all. */
  plain: AuditDb;
  /** As `monitor`, with track_io_timing on. */
  timed: AuditDb;
  /** Runs statements and hands in their counts at once. */
  flushed(statements: (sql: Sql) => Promise<unknown>): Promise<void>;
  close(): Promise<void>;
}

export async function startCountedServer(server: 15 | 18): Promise<CountedServer> {
  const target = `server-${server}`;
  const console = await createDatabase({ template: "console" });
  await createPartitions(console.sql, new Date());
  const database = await createDatabase({ server, template: "empty" });
  const monitorUrl = await database.login(["pg_monitor"]);
  const timedUrl = await database.login(["pg_monitor"]);
  const plainUrl = await database.login();
  await database.sql.unsafe(`alter role ${new URL(timedUrl).username} set track_io_timing = on`);
  const open = (watch: string) => connect({ target, urls: { watch }, logger });
  const [monitor, plain, timed] = [open(monitorUrl), open(plainUrl), open(timedUrl)];
  const flushed: CountedServer["flushed"] = async (statements) => {
    const sql = postgres(database.url, { max: 1, onnotice: () => {} });
    await statements(sql);
    await sql`select pg_stat_force_next_flush()`;
    await sql.end();
  };
  await flushed(readAndWrite);
  return {
    target,
    console,
    catalogue: createCatalogue(console.sql),
    database,
    monitor,
    plain,
    timed,
    flushed,
    async close() {
      await Promise.all([monitor.close(), plain.close(), timed.close()]);
      await Promise.all([database.drop(), console.drop()]);
    },
  };
}

async function readAndWrite(sql: Sql): Promise<void> {
  await sql`create table events (at date not null, body text) partition by range (at)`;
  await sql`create table events_01 partition of events for values from ('2026-01-01') to ('2026-02-01')`;
  await sql`create table events_02 partition of events for values from ('2026-02-01') to ('2026-03-01')`;
  await sql`create index events_at on events (at)`;
  await sql`insert into events select date '2026-01-01' + i % 59, repeat('x', 200) from generate_series(1, 20000) i`;
  await sql`create table documents (id int primary key, body text)`;
  await sql`insert into documents select i, (select string_agg(md5((i * 1000 + j)::text), '') from generate_series(1, 200) j)
            from generate_series(1, 50) i`;
  await sql`vacuum analyze`;
  await sql`select count(*), max(length(body)) from events`;
  await sql`select sum(length(reverse(body))) from documents where id between 1 and 40`;
}
