import type { Sql } from "postgres";
import { destroyKey, markKey } from "../../key-store/subject-keys.ts";
import { listOpenErased } from "./plan-replay.ts";

/** Marks every key that the ledger says is destroyed. @returns when the last of them may be destroyed; null: there is none */
export async function markAgain(console: Sql, target: string, ttlMs: number): Promise<Date | null> {
  const open = await listOpenErased(console, target);
  if (open.length === 0) return null;
  await console.begin(async (begun) => {
    for (const { token } of open) await markKey(begun as unknown as Sql, token);
  });
  const [row] = await console<{ waitMs: number }[]>`
    select greatest(0, max(extract(epoch from erasing_at - clock_timestamp())) * 1000 + ${ttlMs})::float8 as "waitMs"
    from vault.subject_key
    where state = 'erasing' and token in (select jsonb_array_elements_text(${JSON.stringify(
      open.map(({ token }) => token),
    )}::text::jsonb))`;
  return new Date(Date.now() + Number(row?.waitMs ?? 0) + slackMs);
}

/** This clock may be ahead of the console database's by the way there and back. */
const slackMs = 100;

/**
 * Destroys the keys that are marked again, and settles the erasures that the restored console believed open. No hold keeps
 * them: they had been destroyed, and none brings back what is gone.
 * @returns how many were destroyed
 */
export async function destroyAgain(console: Sql, target: string, ttlMs: number): Promise<number> {
  const open = await listOpenErased(console, target);
  for (const { token, entry } of open)
    await console.begin(async (begun) => {
      const sql = begun as unknown as Sql;
      // The rows before the key, as whoever erases.
      await sql`select from erasure where token = ${token} order by id for update`;
      await destroyKey(sql, token, ttlMs);
      await sql`
        update erasure set state = 'destroyed', destroyed_at = clock_timestamp(), entry = ${entry}, held_by = '[]',
               due_at = null, version = version + 1
        where token = ${token} and state <> 'destroyed'`;
    });
  return open.length;
}
