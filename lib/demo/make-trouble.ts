import type { Sql } from "postgres";
import type { AuditDb } from "../audit-db/types.ts";
import { sqlStateOf } from "../sql-state.ts";
import { around, pause } from "./loop.ts";

const lockNotAvailable = "55P03";

/** Now and then an application leaves its transaction open for a while; not for so long that an alert comes of it. */
export async function idleInTransaction(audit: Pick<AuditDb, "use">, signal: AbortSignal): Promise<number> {
  await audit.use("read", "demo.forgotten_transaction", async (sql) => {
    await sql.unsafe("begin; select count(*) from public.retention_policy");
    await pause(around(8_000), signal);
    await endTransaction(sql);
  });
  return around(240_000);
}

/**
 * Two administrators open the same retention policy: the second waits for the first, and gives up before that one is done.
 * A statement that fails is not in pg_stat_statements: one that waits seconds for a lock would be the heaviest of a
 * database that is otherwise well, and an incident after a quarter of an hour.
 */
export async function waitForLock(audit: Pick<AuditDb, "use">, signal: AbortSignal): Promise<number> {
  const open = "select * from public.retention_policy where name = 'minimal' for update";
  const patienceMs = Math.round(around(4_000));
  const first = audit.use("maintenance", "demo.edit_policy", async (sql) => {
    await sql.unsafe(`begin; ${open}`);
    await pause(patienceMs + 2_000, signal);
    await endTransaction(sql);
  });
  const second = pause(400, signal).then(() =>
    audit.use("maintenance", "demo.edit_policy", async (sql) => {
      await sql.unsafe(`begin; set local lock_timeout = ${patienceMs}; ${open}`).catch((thrown: unknown) => {
        if (sqlStateOf(thrown) !== lockNotAvailable) throw thrown;
      });
      await endTransaction(sql);
    }),
  );
  const results = await Promise.allSettled([first, second]);
  for (const result of results) if (result.status === "rejected") throw result.reason;
  return around(180_000);
}

/** After a lost connection there is nothing left to end, and the server says no more than that. */
async function endTransaction(sql: Sql): Promise<void> {
  await sql.unsafe("commit");
}
