import postgres, { type Sql } from "postgres";
import type { ConsoleDb } from "../../lib/db/console-db.ts";
import type { World } from "./world.ts";

export const idleCheck = "connections.idle_in_transaction";

/** A session that is idle in a transaction until it is ended. */
export async function leaveTransactionOpen(
  world: World,
  name: string,
): Promise<{ pid: number; end(): Promise<void> }> {
  const sql: Sql = postgres(world.auditUrl, {
    max: 1,
    onnotice: () => {},
    connection: { application_name: name },
  });
  const reserved = await sql.reserve();
  await reserved`begin`;
  const [own] = await reserved<{ pid: number }[]>`select pg_backend_pid() as pid`;
  let ended = false;
  return {
    pid: own?.pid ?? 0,
    async end() {
      if (ended) return;
      ended = true;
      await reserved`rollback`;
      reserved.release();
      await sql.end();
    },
  };
}

/** It counts after two seconds, at once, and is over at once. */
export const shortenIdle = ({ sql }: ConsoleDb) => sql`
  insert into check_threshold (check_id, target, limits, for_seconds, keep_firing_seconds, set_by_name)
  values (${idleCheck}, 'audit', ${sql.json({ warning: 2, critical: 86_400 })}, 0, 0, 'e2e')
  on conflict (check_id, target, object_key) do update set limits = excluded.limits, for_seconds = 0, keep_firing_seconds = 0`;

export const restoreIdle = ({ sql }: ConsoleDb) =>
  sql`delete from check_threshold where check_id = ${idleCheck}`;

/** The number of its incident that fires; 0 while none does. */
export async function firingIdle({ sql }: ConsoleDb): Promise<number> {
  const [row] = await sql<{ number: number }[]>`
    select number::int from incident
    where check_id = ${idleCheck} and target = 'audit' and condition = 'firing' and state <> 'closed'`;
  return row?.number ?? 0;
}
