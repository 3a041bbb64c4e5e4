import postgres from "postgres";
import { startTended, type Tended } from "./tended.ts";

/** A table by months whose partitions come and go, and people who read it meanwhile. */
export interface LedgerWorld extends Tended {
  /** Rows of a table, with a condition behind its name. */
  count(table: string): Promise<number>;
  /** How a table hangs: `attached`, `pending` or `alone`. */
  state(child: string): Promise<string>;
  /** Somebody called `report` in the middle of a transaction that asked this; call it to let them go. */
  reader(statement: string): Promise<() => Promise<void>>;
  /** Ends the readers that are left. */
  endReaders(): Promise<void>;
}

/** `ledger` by months of 2024 (1 to 4) with 2,001 rows, a trigger, a CHECK and an index; run as its owner. */
export async function startLedger(server: 15 | 18): Promise<LedgerWorld> {
  const tended = await startTended(server, "empty");
  const { owner, database } = tended;
  await owner.unsafe(`
    create function noted() returns trigger language plpgsql as 'begin return new; end';
    create table ledger (id bigint not null, at timestamptz not null, note text default 'x',
                         constraint short check (length(note) < 100), primary key (id, at)) partition by range (at);
    create index on ledger (note);
    create trigger tell after insert on ledger for each row execute function noted();
    create table ledger_1 partition of ledger for values from ('2024-01-01 00:00+00') to ('2024-02-01 00:00+00');
    create table ledger_2 partition of ledger for values from ('2024-02-01 00:00+00') to ('2024-03-01 00:00+00');
    create table ledger_3 partition of ledger for values from ('2024-03-01 00:00+00') to ('2024-04-01 00:00+00');
    create table ledger_4 partition of ledger for values from ('2024-04-01 00:00+00') to ('2024-05-01 00:00+00');
    insert into ledger select i, '2024-01-01 00:00+00'::timestamptz + i * interval '1 hour' from generate_series(0, 2000) i`);
  const open: postgres.Sql[] = [];
  return {
    ...tended,
    count: async (table) => (await owner.unsafe(`select count(*)::int as n from ${table}`))[0]?.n,
    state: async (child) =>
      (
        await owner`
          select case when inhdetachpending then 'pending' else 'attached' end as state
          from pg_inherits where inhrelid = ${child}::regclass`
      )[0]?.state ?? "alone",
    async reader(statement) {
      const sql = postgres(database.url, {
        max: 1,
        onnotice: () => {},
        connection: { application_name: "report" },
      });
      open.push(sql);
      await sql`begin`;
      await sql.unsafe(statement);
      return async () => {
        await sql`rollback`;
        await sql.end();
      };
    },
    endReaders: async () => void (await Promise.all(open.splice(0).map((sql) => sql.end({ timeout: 0 })))),
  };
}
