import postgres from "postgres";
import type { Cluster } from "../../lib/testing/cluster.ts";
import { urlOf } from "./audit-server.ts";

/**
 * A database that is not ours: measurements partitioned by day with a gap, a default partition with rows in it,
 * and a login that holds pg_monitor and nothing else.
 */
export async function prepareForeignServer(
  cluster: Cluster,
): Promise<{ superuserUrl: string; watchUrl: string }> {
  const admin = postgres(cluster.url, { max: 1, onnotice: () => {} });
  await admin`create database warehouse`;
  await admin.end();
  const superuserUrl = urlOf(cluster.url, { database: "warehouse" });
  const sql = postgres(superuserUrl, { max: 1, onnotice: () => {} });
  await sql.unsafe(`
    create role guest login password 'e2e' in role pg_monitor;
    create table measurement (id bigint generated always as identity, taken_at timestamptz not null, value numeric)
      partition by range (taken_at);
    do $$
    begin
      for day in -20..2 loop
        continue when day = -7;
        execute format('create table %I partition of measurement for values from (%L) to (%L)',
          'measurement_' || to_char((now() at time zone 'utc')::date + day, 'YYYYMMDD'),
          ((now() at time zone 'utc')::date + day) || ' 00:00+00', ((now() at time zone 'utc')::date + day + 1) || ' 00:00+00');
      end loop;
    end $$;
    create table measurement_rest partition of measurement default;
    insert into measurement (taken_at, value)
      select now() - (i || ' minutes')::interval, i from generate_series(1, 25000) i;
    analyze;`);
  await sql.end();
  return { superuserUrl, watchUrl: urlOf(superuserUrl, { user: "guest", password: "e2e" }) };
}
