import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import { PostgresJsPreparedQuery } from "drizzle-orm/postgres-js/session";
import type { Sql } from "postgres";
import type { Address } from "../address/types.ts";
import type { ClientOptions } from "../audit-db/pool/open-client.ts";
import { understand } from "../audit-db/pool/understand.ts";
import { env } from "../env.ts";
import { AppError } from "../errors.ts";
import type { Logger } from "../log/log.ts";
import { processLogger } from "../log/process-logger.ts";
import { openConnection, type Statement } from "./connection.ts";
import { type GuardedSql, guardSql, openWriter } from "./guarded-sql.ts";
import { createOutageWatch, type OutageWatch, type Patience } from "./outage.ts";
import { createConsolePool } from "./pool.ts";
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
  /** Why it cannot be used now and since when; null while it can, as far as this process knows. */
  outage(): AppError | null;
  close(): Promise<void>;
}

export interface ConsoleDbOptions {
  /** Connections of each of the two clients. */
  max?: number;
  patience?: Patience;
  logger?: Logger;
}

/** Nobody waits at a screen. */
const patient: Patience = { doubtAfterMs: 2_000, probeWithinMs: 5_000 };
/** Together under the two seconds within which a page or an API call says that the console database is away. */
const prompt: Patience = { doubtAfterMs: 500, probeWithinMs: 1_000 };

// Drizzle puts what the driver threw into an error whose message holds the statement and its parameters, ids and
// addresses among them, and that message stands in every log.
Object.assign(PostgresJsPreparedQuery.prototype, {
  queryWithCache: (_text: string, _parameters: unknown[], query: () => Promise<unknown>) => query(),
});

/**
 * Opens two small pools on the console database; nothing connects before the first statement. Everything they fail
 * with for want of the database is an AppError UNAVAILABLE, by our own clock where the server is frozen.
 */
export function openConsoleDb(url: string, options: ConsoleDbOptions = {}): ConsoleDb {
  const { max = 8, patience = patient, logger } = options;
  const address = understand(url);
  const watch = createOutageWatch(() => probe(address, patience, watch.heard), patience, logger);
  const forDrizzle = connectPool(address, max, watch, patience);
  const raw = connectPool(address, max, watch, patience);
  return {
    db: drizzle(forDrizzle.sql, { schema }),
    sql: raw.sql,
    outage: watch.current,
    async close() {
      watch.stop();
      await Promise.all([forDrizzle.end(), raw.end()]);
    },
  };
}

function connectPool(address: Address, max: number, watch: OutageWatch, patience: Patience): GuardedSql {
  const settings: ClientOptions = {
    connect_timeout: 10,
    connection: {
      application_name: "audit-db-dashboard console",
      statement_timeout: 30_000,
      idle_in_transaction_session_timeout: 60_000,
    },
  };
  const writer = openWriter(address, settings);
  // Drizzle changes how its client reads and writes dates and JSON: what it changed holds on each connection.
  const open = () => openConnection(address, settings, writer);
  return guardSql(writer, createConsolePool({ max, open, watch, doubtAfterMs: patience.doubtAfterMs }));
}

/** Whether a new connection gets an answer. @param heard told once it is signed in, which a server under load takes long over */
async function probe(address: Address, { probeWithinMs }: Patience, heard: () => void): Promise<void> {
  const settings: ClientOptions = {
    // Longer than the probe: its end is told in our words.
    connect_timeout: 10,
    fetch_types: false,
    onparameter: heard,
    connection: { application_name: "audit-db-dashboard probe" },
  };
  const connection = openConnection(address, settings);
  const writer = openWriter(address, settings);
  // Where this process was busy for that long itself, its answer is read first, and that there is none is told before.
  const overdue = setTimeout(() => setImmediate(connection.destroy), probeWithinMs + 500);
  try {
    await connection.run(writer`select 1` as unknown as Statement);
    await connection.end();
  } finally {
    clearTimeout(overdue);
    connection.destroy();
  }
}

const held = globalThis as typeof globalThis & { auditDashboardConsole?: ConsoleDb };

/**
 * This process's console database, opened once however many module instances ask.
 * @param web people wait: an outage is told within two seconds
 * @throws AppError UNAVAILABLE when CONSOLE_DATABASE_URL is not set (`npm start` sets it for its children).
 */
export function consoleDb(options: { web?: boolean } = {}): ConsoleDb {
  if (held.auditDashboardConsole) return held.auditDashboardConsole;
  const { CONSOLE_DATABASE_URL: url } = env();
  if (!url) {
    throw new AppError("UNAVAILABLE", "The console has no database of its own.", {
      hint: "Start it with `npm start`, which brings one, or set CONSOLE_DATABASE_URL.",
    });
  }
  held.auditDashboardConsole = openConsoleDb(url, {
    patience: options.web ? prompt : patient,
    logger: processLogger().child({ module: "console-database" }),
  });
  return held.auditDashboardConsole;
}

/** Why this process's console database cannot be used now; null while it can or was never asked. */
export function consoleOutage(): AppError | null {
  return held.auditDashboardConsole?.outage() ?? null;
}

/** Ends the pools of `consoleDb()`, if any were opened. */
export async function closeConsoleDb(): Promise<void> {
  const open = held.auditDashboardConsole;
  delete held.auditDashboardConsole;
  await open?.close();
}
