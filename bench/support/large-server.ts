import postgres from "postgres";
import { type Cluster, startCluster } from "../../lib/testing/cluster.ts";

export interface LargeServer {
  cluster: Cluster;
  /** A login with pg_monitor and nothing else. */
  watchUrl: string;
}

/** A PostgreSQL 18 with a table of `partitions` monthly partitions and `statements` entries in pg_stat_statements. */
export async function startLargeServer(partitions: number, statements: number): Promise<LargeServer> {
  const cluster = await startCluster(18, {
    autovacuum: "off",
    "pg_stat_statements.max": String(statements * 2),
    "pg_stat_statements.track_planning": "off",
    max_locks_per_transaction: "256",
  });
  const sql = postgres(cluster.url, { max: 1, onnotice: () => {}, prepare: false });
  await sql.unsafe(`
    create extension pg_stat_statements;
    create role watcher login password 'test' in role pg_monitor;
    create table log (at timestamptz not null, id bigint, body text) partition by range (at);
    do $$
    begin
      for i in 0..${partitions - 1} loop
        execute format('create table log_%s partition of log for values from (%L) to (%L)', i,
          timestamptz '1950-01-01 00:00+00' + make_interval(months => i),
          timestamptz '1950-01-01 00:00+00' + make_interval(months => i + 1));
      end loop;
    end $$;
    create index on log (at);
    analyze;`);
  const shapes = [
    "count(*)",
    "max(id)",
    "min(body)",
    "count(distinct id)",
    "sum(id)",
    "avg(id)",
    "max(at)",
    "min(at)",
  ];
  for (let i = 0; i < statements; i++) {
    const shape = shapes[Math.floor(i / partitions) % shapes.length];
    await sql.unsafe(`select ${shape} from log_${i % partitions} where id > ${i}`);
  }
  const [row] = await sql<{ n: number }[]>`select count(*)::int as n from pg_stat_statements`;
  if (!row || row.n < statements) throw new Error(`only ${row?.n} statements were recorded`);
  await sql.end();
  const watch = new URL(cluster.url);
  watch.username = "watcher";
  return { cluster, watchUrl: watch.href };
}
