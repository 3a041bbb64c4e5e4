import type { Sql } from "postgres";
import { AppError } from "../errors.ts";

export const evictionChannel = "vault_evict";
/** What a process may at most keep a key for; see `createVault`. */
const keyTtlSeconds = 60;

/**
 * First half of an erasure, in the caller's transaction: from its commit on nobody is answered with this subject's
 * fields, events about the person go to a new token, and every process is told to forget the key.
 * @returns false when there is no such subject, or it was marked before
 */
export async function markSubject(sql: Sql, token: string): Promise<boolean> {
  const marked = await sql`
    update vault.subject set state = 'erasing', erasing_at = clock_timestamp()
    where token = ${token} and state = 'active'
    returning token`;
  if (marked.length === 0) return false;
  await sql`delete from vault.blind_index where token = ${token}`;
  // Told when the transaction commits; a process that misses it forgets the key by itself within a minute.
  await sql`select pg_notify(${evictionChannel}, ${token})`;
  return true;
}

/**
 * Second half, a minute later: destroys the key, in the caller's transaction. Whatever was sealed with it is
 * unreadable from then on. Repeating it changes nothing.
 * @throws AppError CONFLICT for a subject that is not marked, or so lately that a process may still use its key
 */
export async function destroySubjectKey(sql: Sql, token: string): Promise<void> {
  const destroyed = await sql`
    update vault.subject
    set state = 'erased', wrapped_key = null, master_key_id = null, erased_at = clock_timestamp()
    where token = ${token} and state = 'erasing'
      and erasing_at <= clock_timestamp() - make_interval(secs => ${keyTtlSeconds})
    returning token`;
  if (destroyed.length > 0) return;
  const [subject] = await sql<{ state: string }[]>`select state from vault.subject where token = ${token}`;
  if (subject?.state === "erased") return;
  throw subject?.state === "erasing"
    ? new AppError("CONFLICT", `The key can be destroyed ${keyTtlSeconds} s after the subject was marked.`)
    : new AppError("CONFLICT", "The subject must be marked before its key is destroyed.");
}
