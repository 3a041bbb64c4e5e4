import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import type { Sql } from "postgres";
import { openClient } from "../audit-db/open-client.ts";
import { env } from "../env.ts";
import { AppError } from "../errors.ts";
import { schema } from "./schema.ts";

export type Db = PostgresJsDatabase<typeof schema>;
/** A transaction of `Db`. */
export type Tx = Parameters<Parameters<Db["transaction"]>[0]>[0];

/** What reads and verbs need of either, so that they run inside a transaction or without one. */
export type Queryable = Pick<Db, "select" | "insert" | "update" | "delete" | "execute">;

/** The console's own database, seen through drizzle and raw. Two clients: drizzle changes the one it is given. */
export interface ConsoleDb {
  db: Db;
  sql: Sql;
  close(): Promise<void>;
}

/** Opens two small pools on the console database; nothing connects before the first statement. */
export function openConsoleDb(url: string, options: { max?: number } = {}): ConsoleDb {
  const max = options.max ?? 8;
  const forDrizzle = connectPool(url, max);
  const raw = connectPool(url, max);
  return {
    db: drizzle(forDrizzle, { schema }),
    sql: raw,
    async close() {
      await Promise.all([forDrizzle.end({ timeout: 5 }), raw.end({ timeout: 5 })]);
    },
  };
}

function connectPool(url: string, max: number): Sql {
  return openClient(url, "console", {
    max,
    connect_timeout: 10,
    idle_timeout: 60,
    connection: {
      application_name: "audit-db-dashboard console",
      statement_timeout: 30_000,
      idle_in_transaction_session_timeout: 60_000,
    },
  });
}

const held = globalThis as typeof globalThis & { auditDashboardConsole?: ConsoleDb };

/**
 * This process's console database, opened once however many module instances ask.
 * @throws AppError UNAVAILABLE when CONSOLE_DATABASE_URL is not set (`npm start` sets it for its children).
 */
export function consoleDb(): ConsoleDb {
  if (held.auditDashboardConsole) return held.auditDashboardConsole;
  const url = env().CONSOLE_DATABASE_URL;
  if (!url) {
    throw new AppError("UNAVAILABLE", "The console has no database of its own.", {
      hint: "Start it with `npm start`, which brings one, or set CONSOLE_DATABASE_URL.",
    });
  }
  held.auditDashboardConsole = openConsoleDb(url);
  return held.auditDashboardConsole;
}

/** Ends the pools of `consoleDb()`, if any were opened. */
export async function closeConsoleDb(): Promise<void> {
  const open = held.auditDashboardConsole;
  delete held.auditDashboardConsole;
  await open?.close();
}
