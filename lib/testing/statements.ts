import postgres, { type Sql } from "postgres";
import { connect } from "../audit-db/connect.ts";
import type { EngineLogger } from "../audit-db/engine-logger.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { startCluster } from "./cluster.ts";
import { createDatabaseOn, type TestDatabase } from "./database.ts";

const logger: EngineLogger = { debug() {}, info() {}, warn() {}, error() {} };

/** A server whose database has an application that asks it things, and a role that watches the statements. */
export interface Statements {
  database: TestDatabase;
  /** The application: its statements are the ones that the tests look for. */
  app: Sql;
  appUrl: string;
  appName: string;
  /** The login that watches, granted pg_monitor. */
  watchUrl: string;
  /** A login that may read those tables of the database, as plans are asked for with. */
  explainUrl(...tables: string[]): Promise<string>;
  /** An engine, closed with the rest. Each has a target of its own unless one is named. */
  open(url?: string, target?: string, explain?: string): AuditDb;
  /** Keys of the application's statements whose text matches, the longest running first. */
  keysLike(pattern: string): Promise<string[]>;
  close(): Promise<void>;
}

export async function startStatements(server: 15 | 18): Promise<Statements> {
  // Of its own: on one that all files share, theirs are thrown out for the statements of others.
  const cluster = await startCluster(server);
  const database = await createDatabaseOn(cluster.url);
  await database.sql.unsafe(`
    create table parts (at timestamptz not null, note text) partition by range (at);
    create table parts_2024_01 partition of parts for values from ('2024-01-01') to ('2024-02-01');
    create table parts_2024_02 partition of parts for values from ('2024-02-01') to ('2024-03-01');
    create table parts_2024_03 partition of parts for values from ('2024-03-01') to ('2024-04-01');
    insert into parts select '2024-01-01'::timestamptz + i * interval '1 hour', 'n' from generate_series(1, 2000) i;
  `);
  const appUrl = await database.login();
  const appName = new URL(appUrl).username;
  await database.sql.unsafe(`grant all on all tables in schema public to ${appName}`);
  const app = postgres(appUrl, { max: 1, prepare: false, onnotice: () => {} });
  const watchUrl = await database.login(["pg_monitor"]);
  const engines: AuditDb[] = [];
  return {
    database,
    app,
    appUrl,
    appName,
    watchUrl,
    async explainUrl(...tables) {
      const url = await database.login();
      for (const table of tables)
        await database.sql.unsafe(`grant select on ${table} to ${new URL(url).username}`);
      return url;
    },
    open(url = watchUrl, target = `t${engines.length}`, explain?: string) {
      const audit = connect({ target, urls: { watch: url, ...(explain && { explain }) }, logger });
      engines.push(audit);
      return audit;
    },
    async keysLike(pattern) {
      const rows = await database.sql<{ key: string }[]>`
        select concat_ws('/', s.dbid, s.userid, s.queryid, s.toplevel::int) as key
        from pg_stat_statements s join pg_database d on d.oid = s.dbid
        where d.datname = current_database() and s.query like ${pattern} and s.userid = ${appName}::regrole
        order by s.total_exec_time desc`;
      return rows.map(({ key }) => key);
    },
    async close() {
      await app.end();
      await Promise.all(engines.map((audit) => audit.close()));
      await database.drop();
      await cluster.destroy();
    },
  };
}
