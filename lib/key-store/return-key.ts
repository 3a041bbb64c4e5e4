import type { Sql } from "postgres";
import { evictionChannel } from "./subject-keys.ts";

/**
 * A marked key that may not be destroyed after all, since a hold or a newer event came in between: it opens again, and seals
 * nothing more. In the caller's transaction. @returns false when it is not marked
 */
export async function returnKey(sql: Sql, token: string): Promise<boolean> {
  const returned = await sql`
    update vault.subject_key
    set state = 'kept', erasing_at = null, kept_at = coalesce(kept_at, clock_timestamp())
    where token = ${token} and state = 'erasing' returning 1`;
  if (returned.length > 0) await sql`select pg_notify(${evictionChannel}, ${token})`;
  return returned.length > 0;
}
