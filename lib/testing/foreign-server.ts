import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import postgres, { type Sql } from "postgres";
import { expect, vi } from "vitest";
import { closeTargets } from "../audit-db/registry.ts";
import { migrateAudit } from "../audit-db/schema/migrate.ts";
import { closeConsoleDb } from "../db/console-db.ts";
import { replaceEnv } from "../env.ts";
import { prepareEverything } from "./ask-everything.ts";
import { startCluster } from "./cluster.ts";
import { createDatabase, type TestDatabase } from "./database.ts";

/** A server of somebody else's: an audit database, and beside it one that is SQL_ASCII, with sessions and texts that are no UTF-8. */
export interface ForeignServer {
  superuser: Sql;
  console: TestDatabase;
  /** What each read is asked. */
  inputs: Record<string, unknown>;
  /** The address of one of its databases. */
  at(database: string, user?: string): string;
  /** Points the console at it. */
  setEnv(): void;
  close(): Promise<void>;
}

/** "café" as a Latin-1 client sends it: no UTF-8, also at the very end of a text. */
const latin1 = (text: string) => Buffer.from(text, "latin1");

export async function startForeignServer(version: 15 | 18): Promise<ForeignServer> {
  const sessions: ChildProcess[] = [];
  const [cluster, console] = await Promise.all([
    startCluster(version, {
      allow_system_table_mods: "on",
      archive_mode: "on",
      archive_command: "false",
      max_prepared_transactions: "5",
    }),
    createDatabase({ template: "console" }),
  ]);
  const at = (database: string, user = "postgres") => {
    const url = new URL(cluster.url);
    url.pathname = `/${database}`;
    url.username = user;
    return url.href;
  };

  const setEnv = () =>
    replaceEnv({
      AUDIT_DATABASE_URL: at("audit", "watcher"),
      AUDIT_READER_URL: at("audit", "reader"),
      CONSOLE_DATABASE_URL: console.url,
      LOG_LEVEL: "silent",
    });

  /** A session in the SQL_ASCII database that sends these bytes and, unless it ends, stays. */
  async function send(statements: string, application: string, stays = false): Promise<void> {
    const psql = spawn("psql", ["-q", "-X", at("ascii")], {
      env: { ...process.env, PGCLIENTENCODING: "SQL_ASCII", PGAPPNAME: application },
      stdio: ["pipe", "ignore", "pipe"],
    });
    let told = "";
    psql.stderr.on("data", (chunk: Buffer) => {
      told += chunk.toString("latin1");
    });
    psql.stdin.write(latin1(statements));
    if (stays) sessions.push(psql);
    else {
      psql.stdin.end();
      await once(psql, "close");
    }
    expect(told).toBe("");
  }

  const admin = postgres(cluster.url, { max: 1, onnotice: () => {} });
  await admin`create database audit`;
  await admin`create database ascii template template0 encoding 'SQL_ASCII' lc_collate 'C' lc_ctype 'C'`;
  await admin.end();
  const superuser = postgres(at("audit"), { max: 2, onnotice: () => {} });
  const ascii = postgres(at("ascii"), { max: 1, onnotice: () => {} });
  await superuser`create extension pg_stat_statements`;
  await ascii`create extension pg_stat_statements`;
  await ascii`create table t (n int)`;
  await ascii`insert into t values (1)`;
  await ascii.end();
  await migrateAudit(at("audit"));
  await superuser.unsafe(`
    create role watcher login password 'test' in role pg_monitor;
    create role reader login password 'test' in role audit_reader;
    select pg_create_physical_replication_slot('left_behind', true)`);
  await send(
    'create role "us\xe9r" login; create database "db\xe9" template template0 encoding SQL_ASCII lc_collate "C" lc_ctype "C";' +
      "select 1 as \"caf\xe9\"; begin; update t set n = 2; prepare transaction 'caf\xe9';\n",
    "done",
  );
  await send("begin; select 'idle', 'caf\xe9' -- caf\xe9\n\\g\n", "idle", true);
  await send("select pg_sleep(600) -- \xe9\n\\g\n", "active", true);
  // Waits for the prepared transaction's row, so that it is among the blocked.
  await send("update t set n = 3 -- \xf0/* dashboard:\n\\g\n", "waits", true);
  setEnv();
  const inputs = await prepareEverything({ audit: at("audit"), console: console.url });
  await vi.waitFor(
    async () => {
      const [row] = await superuser<{ count: number }[]>`
        select count(*)::int as count from pg_stat_activity
        where datname = 'ascii' and (state = 'idle in transaction' or wait_event in ('PgSleep', 'transactionid'))`;
      expect(row?.count).toBe(3);
    },
    { timeout: 20_000, interval: 100 },
  );
  return {
    superuser,
    console,
    inputs,
    at,
    setEnv,
    async close() {
      for (const session of sessions) session.kill();
      await Promise.all([closeTargets(), closeConsoleDb(), superuser.end()]);
      await Promise.all([cluster.destroy(), console.drop()]);
    },
  };
}
