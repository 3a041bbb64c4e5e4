import { sql } from "drizzle-orm";
import type { ConsoleDb, Tx } from "../db/console-db.ts";

const afterMs = 2_000;

/**
 * A worker that froze in the middle of a transaction still holds its attempt's row, for as long as the server lets a
 * session idle in a transaction. Whoever takes the job over ends such sessions of ours, and no others, once it has
 * waited two seconds for them; a live worker holds the row for milliseconds.
 * @param tx the transaction that may come to wait
 * @returns what ends the watch
 */
export async function endFrozenHolders(console: ConsoleDb, tx: Tx): Promise<() => void> {
  const [own] = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
  const timer = setInterval(() => {
    void console.sql`
      with recursive blocking (pid) as (
        select unnest(pg_blocking_pids(${own?.pid ?? 0}))
        union select unnest(pg_blocking_pids(pid)) from blocking
      )
      select pg_terminate_backend(holder.pid)
      from blocking join pg_stat_activity holder using (pid)
      where holder.state = 'idle in transaction' and holder.usename = current_user
        and holder.application_name = current_setting('application_name')
        and holder.state_change < clock_timestamp() - interval '1 second'`.catch(() => {});
  }, afterMs);
  return () => clearInterval(timer);
}
