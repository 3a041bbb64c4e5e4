import { sql } from "drizzle-orm";
import type { Sql } from "postgres";
import { type Channel, openChannel } from "../db/channel.ts";
import type { Queryable } from "../db/console-db.ts";

/** The console database's channel that names a job whose row, log or progress has changed; the message is its id. */
export const jobChannel = "audit_db_jobs";

/** Tells every listener, when the transaction commits. */
export async function notifyJob(tx: Pick<Queryable, "execute">, id: string): Promise<void> {
  await tx.execute(sql`select pg_notify(${jobChannel}, ${id})`);
}

/** Hears of changed jobs. */
export const openJobChannel = (console: Sql): Channel => openChannel(console, jobChannel);
