import { existsSync } from "node:fs";
import path from "node:path";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import { checkSession } from "../audit-db/pool/check-session.ts";
import { openClient } from "../audit-db/pool/open-client.ts";
import { AppError } from "../errors.ts";
import { consoleDbError } from "./errors.ts";
import { consoleLocks } from "./locks.ts";
import { migrateQueue } from "./queue.ts";
import { assertSchemaKnown, noteVersion } from "./schema-version.ts";

const answerWithinMs = 10_000;

/** Bundlers move this module, never the migrations: fall back to the folder the process was started in. */
function migrationsFolder(): string {
  const beside = path.resolve(import.meta.dirname ?? ".", "../../drizzle/console");
  return existsSync(beside) ? beside : path.resolve("drizzle/console");
}

/**
 * Brings the console database up to date; two processes at once are safe (advisory lock).
 * @throws AppError UNAVAILABLE when it cannot be reached or refuses us, UNSUPPORTED below PostgreSQL 14 or where a
 * session cannot be as we need it (`checkSession`), FORBIDDEN when our role may not create tables, CONFLICT when a
 * newer version of this program was here; never with the URL in its text.
 */
export async function migrateConsole(url: string): Promise<void> {
  // One connection: the lock belongs to it, and drizzle's statements run on it.
  const sql = openClient(url, "console", {
    max: 1,
    connect_timeout: 10,
    connection: { application_name: "audit-db-dashboard migrate" },
  });
  // A frozen server takes the connection and says nothing.
  const unanswered = setTimeout(() => void sql.end({ timeout: 0 }), answerWithinMs);
  try {
    await checkSession(sql, "console");
    const [server] = await sql<{ version: string }[]>`
      select current_setting('server_version_num') as version`;
    clearTimeout(unanswered);
    if (Number(server?.version) < 140_000) {
      throw new AppError("UNSUPPORTED", "The console database runs a PostgreSQL older than 14.", {
        hint: "Point CONSOLE_DATABASE_URL at PostgreSQL 14 or newer, or unset it to use the embedded one.",
      });
    }
    await sql`select pg_advisory_lock(${consoleLocks.migration})`;
    await assertSchemaKnown(sql);
    await migrate(drizzle(sql), { migrationsFolder: migrationsFolder() });
    await migrateQueue(sql);
    await noteVersion(sql);
  } catch (error) {
    throw consoleDbError(error);
  } finally {
    clearTimeout(unanswered);
    await sql.end({ timeout: 5 });
  }
}
