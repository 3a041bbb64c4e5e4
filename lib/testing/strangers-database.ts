import { readFileSync } from "node:fs";
import path from "node:path";
import postgres, { type Sql } from "postgres";

/** The moment that the bounds of the stranger's database stand around; those of `measurement` stand around today. */
export const strangersNow = new Date("2026-11-27T17:00:00Z");

export interface StrangerOptions {
  /** So many daily partitions of `big` besides, from 1 January 2019. 1,000 take 1 s, 3,000 take 8 s. */
  big?: number;
}

/** Fills an empty database: the odd partitions of strangers-database.sql and one table that is as of today. */
export async function buildStrangersDatabase(
  superuserUrl: string,
  options: StrangerOptions = {},
): Promise<void> {
  const { port, pathname } = new URL(superuserUrl);
  const database = decodeURIComponent(pathname.slice(1));
  const text = readFileSync(path.join(import.meta.dirname, "strangers-database.sql"), "utf8")
    .replace("{{port}}", port)
    .replace("{{database}}", () => database.replaceAll("'", "''"));
  const sql = postgres(superuserUrl, {
    max: 1,
    onnotice: () => {},
    connection: { TimeZone: "America/New_York" },
  });
  await sql.unsafe(text);
  await buildMeasurement(sql);
  await sql`vacuum analyze stale_rows_1`;
  await sql`delete from stale_rows_1`;
  if (options.big) await sql.unsafe(bigTable(options.big));
  // What it says of its own accord is not what a watcher asks for: a zone, and dates as its people write them.
  await sql.unsafe(`alter database ${inQuotes(database)} set timezone = 'America/New_York'`);
  await leaveDetachPending(sql, superuserUrl);
  await leaveIndexInvalid(sql);
  // A session hands in its statistics at the latest when it ends.
  await sql.end();
}

/** DETACH CONCURRENTLY that gives up behind a reader leaves the partition pending, and out of every plan. */
async function leaveDetachPending(sql: Sql, superuserUrl: string): Promise<void> {
  const reader = postgres(superuserUrl, { max: 1, onnotice: () => {} });
  try {
    await reader.begin(async (tx) => {
      await tx`select from "Det ach", "Det ach.deep"`;
      await sql`set lock_timeout = '100ms'`;
      for (const detach of [
        'alter table "Det ach" detach partition "Det ach 1" concurrently',
        'alter table "Det ach.deep 2026" detach partition "Det ach.deep 01" concurrently',
      ])
        await sql.unsafe(detach).then(
          () => Promise.reject(new Error("the detaching was not held up")),
          (thrown: { code?: string }) => {
            if (thrown.code !== "55P03") throw thrown;
          },
        );
    });
  } finally {
    await reader.end();
  }
}

/** A unique index that met what is there twice. */
async function leaveIndexInvalid(sql: Sql): Promise<void> {
  await sql`create unique index concurrently "In valid" on s2.events_a (v)`.then(
    () => Promise.reject(new Error("the index was built")),
    (thrown: { code?: string }) => {
      if (thrown.code !== "23505") throw thrown;
    },
  );
}

/** Twenty days back and two ahead in UTC, the day a week ago missing and its rows in the default partition. */
async function buildMeasurement(sql: Sql): Promise<void> {
  await sql.unsafe(`
  create table measurement (id bigint generated always as identity, taken_at timestamptz not null, value numeric)
    partition by range (taken_at);
  do $$
  begin
    for day in -20..2 loop
      continue when day = -7;
      execute format('create table %I partition of measurement for values from (%L) to (%L)',
        'measurement_' || to_char((now() at time zone 'utc')::date + day, 'YYYYMMDD'),
        ((now() at time zone 'utc')::date + day) || ' 00:00+00',
        ((now() at time zone 'utc')::date + day + 1) || ' 00:00+00');
    end loop;
  end $$;
  create table measurement_rest partition of measurement default;
  insert into measurement (taken_at, value)
    select now() - (i || ' minutes')::interval, i from generate_series(1, 25000) i;
  analyze measurement;`);
}

const bigTable = (partitions: number) => `
  create table big (ts timestamptz not null, v text) partition by range (ts);
  do $$
  begin
    for day in 1..${partitions} loop
      execute format('create table %I partition of big for values from (%L) to (%L)',
        'big_' || to_char('2018-12-31'::date + day, 'YYYYMMDD'), '2018-12-31'::date + day, '2019-01-01'::date + day);
    end loop;
  end $$;
  insert into big select '2019-01-01'::timestamptz + i * interval '1 day', 'x' from generate_series(0, ${partitions - 1}) i;`;

/** The fixture's own, so that it says nothing about the product's. */
export function inQuotes(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
