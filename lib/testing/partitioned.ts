import postgres from "postgres";
import { connect } from "../audit-db/connect.ts";
import type { EngineLogger } from "../audit-db/engine-logger.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { createDatabase, type TestDatabase } from "./database.ts";

const logger: EngineLogger = { debug() {}, info() {}, warn() {}, error() {} };

/** A database with a partitioned table of every kind, and a role that watches it. */
export interface Partitioned {
  database: TestDatabase;
  /** The login that watches, granted pg_monitor. */
  watchUrl: string;
  /** An engine, closed with the rest. */
  open(url?: string): AuditDb;
  close(): Promise<void>;
}

export async function startPartitioned(server: 15 | 18): Promise<Partitioned> {
  const database = await createDatabase({ server, template: "empty" });
  const setup = postgres(database.url, { max: 1 });
  await setup.unsafe(`
    create schema "Odd.Schema";
    create table public.ledger (kind text, at timestamptz, note text) partition by list (kind);
    create table ledger_a partition of ledger for values in ('a', 'it''s') partition by range (at);
    create table ledger_b partition of ledger for values in ('b') partition by range (at);
    set timezone = 'Asia/Kolkata';
    create table ledger_a_1 partition of ledger_a for values from ('2024-01-01 05:30') to ('2024-02-01 05:30');
    set timezone = 'America/New_York';
    create table ledger_a_2 partition of ledger_a
      for values from ('2024-01-31 19:00') to ('2024-03-01 00:00:00+00');
    create table ledger_a_3 partition of ledger_a for values from ('2024-03-01 00:00+00') to ('2024-04-01 00:00+00');
    create table ledger_a_default partition of ledger_a default;
    create table ledger_b_1 partition of ledger_b for values from ('2024-01-01 00:00+00') to ('2024-02-01 00:00+00');
    create table ledger_b_3 partition of ledger_b for values from ('2024-03-01 00:00+00') to ('2024-04-01 00:00+00');
    create table ledger_b_4 partition of ledger_b for values from ('2024-04-01 00:00+00') to ('2024-08-01 00:00+00');
    create index on ledger (at);
    insert into ledger select 'a', '2024-01-10 00:00+00'::timestamptz + i * interval '1 minute', repeat('x', 100)
      from generate_series(1, 20000) i;
    insert into ledger values ('a', '2030-01-01', 'far ahead'), ('a', '2031-01-01', 'further');
    delete from ledger_a_1 where at < '2024-01-11 00:00+00';
    create table "Odd.Schema"."Epoch ""quoted""" (t bigint, v int) partition by range (t);
    create table "Odd.Schema"."e.1" partition of "Odd.Schema"."Epoch ""quoted""" for values from (1709251200) to (1710460800);
    create table "Odd.Schema"."e.2" partition of "Odd.Schema"."Epoch ""quoted""" for values from (1710460800) to (1711670400);
    create table spread (id int) partition by hash (id);
    create table spread_0 partition of spread for values with (modulus 2, remainder 0);
    create table spread_1 partition of spread for values with (modulus 2, remainder 1);
    create table daily (d date, part int) partition by range (d);
    create table daily_1 partition of daily for values from ('2024-03-15') to ('2024-03-16') partition by hash (part);
    create table daily_1_0 partition of daily_1 for values with (modulus 2, remainder 0);
    create table daily_1_1 partition of daily_1 for values with (modulus 2, remainder 1);
    create table empty_parent (at timestamp) partition by range (at);
  `);
  await setup`analyze ledger_a_1`;
  // A session hands in its statistics at the latest when it ends.
  await setup.end();
  const watchUrl = await database.login(["pg_monitor"]);
  const engines: AuditDb[] = [];
  return {
    database,
    watchUrl,
    open(url = watchUrl) {
      const audit = connect({ target: "t", urls: { watch: url }, logger });
      engines.push(audit);
      return audit;
    },
    async close() {
      await Promise.all(engines.map((audit) => audit.close()));
      await database.drop();
    },
  };
}
