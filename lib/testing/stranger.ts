import { randomBytes } from "node:crypto";
import type { Sql } from "postgres";
import { connect } from "../audit-db/connect.ts";
import type { EngineLogger } from "../audit-db/engine-logger.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { createDatabase, type TestDatabase } from "./database.ts";
import { buildStrangersDatabase, inQuotes, type StrangerOptions } from "./strangers-database.ts";

const logger: EngineLogger = { debug() {}, info() {}, warn() {}, error() {} };

/** The stranger's database in a database of the test server, and logins that watch it. */
export interface Stranger {
  database: TestDatabase;
  /** Superuser client. */
  sql: Sql;
  /** A login whose name needs quotes, granted pg_monitor. */
  watchUrl: string;
  watchRole: string;
  /** A login whose name needs quotes, granted nothing. */
  plainUrl: string;
  plainRole: string;
  /** An engine, closed with the rest. Default: as `watchUrl`, of the target `t`. */
  open(url?: string, target?: string): AuditDb;
  close(): Promise<void>;
}

/** Builds it once; tests of one file share it, since it has some 150 relations. */
export async function startStranger(server: 15 | 18, options: StrangerOptions = {}): Promise<Stranger> {
  const database = await createDatabase({ server, template: "empty" });
  await buildStrangersDatabase(database.url, options);
  const suffix = randomBytes(4).toString("hex");
  const watchRole = `Watch "er" ${suffix}`;
  const plainRole = `Some-one's ${suffix}`;
  const { sql } = database;
  for (const role of [watchRole, plainRole])
    await sql.unsafe(`create role ${inQuotes(role)} login password 'test'`);
  await sql.unsafe(`grant pg_monitor to ${inQuotes(watchRole)}`);
  const urlOf = (role: string) => {
    const url = new URL(database.url);
    url.username = encodeURIComponent(role);
    return url.href;
  };
  const watchUrl = urlOf(watchRole);
  const engines: AuditDb[] = [];
  return {
    database,
    sql,
    watchUrl,
    watchRole,
    plainUrl: urlOf(plainRole),
    plainRole,
    open(url = watchUrl, target = "t") {
      const audit = connect({ target, urls: { watch: url }, logger });
      engines.push(audit);
      return audit;
    },
    async close() {
      await Promise.all(engines.map((audit) => audit.close()));
      for (const role of [watchRole, plainRole])
        await sql.unsafe(`drop owned by ${inQuotes(role)}; drop role ${inQuotes(role)}`);
      await database.drop();
    },
  };
}
