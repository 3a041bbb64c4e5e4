import type { Sql } from "postgres";
import { unknownPolicy } from "../audit-db/vault/types.ts";
import { AppError } from "../errors.ts";

export const evictionChannel = "vault_evict";
/** What a process may at most keep a key for; see `createVault`. */
export const keyTtlMs = 60_000;

/** A key of a person's, as whoever erases sees it. */
export interface SubjectKey {
  token: string;
  keyId: Buffer;
  /** Null (with `policy`): a key from before policies, which seals nothing more. */
  target: string | null;
  policy: string | null;
  state: "active" | "kept" | "erasing";
  createdAt: Date;
  keptAt: Date | null;
  erasingAt: Date | null;
  /** Policies whose rows it does not open any more. */
  closed: { target: string; policy: string }[];
}

/** Every key of a subject that is not destroyed, the oldest first. A destroyed one leads to nobody. */
export async function listSubjectKeys(sql: Sql, subject: string): Promise<SubjectKey[]> {
  const rows = await sql<SubjectKey[]>`
    select token, key_id as "keyId", target, policy, state, created_at as "createdAt", kept_at as "keptAt",
           erasing_at as "erasingAt",
           (select coalesce(jsonb_agg(jsonb_build_object('target', closed.target, 'policy', closed.policy)
                                      order by closed.target, closed.policy), '[]')
            from vault.closed_policy as closed where closed.token = key.token) as closed
    from vault.subject_key as key where subject = ${subject} order by created_at, token`;
  return [...rows];
}

/**
 * A key that a floor or a hold keeps: it seals nothing more, and opens what it sealed until it is destroyed. In the
 * caller's transaction; a process that has it in memory may seal with it for one key TTL more.
 * @returns false when it was kept, marked or destroyed before
 * @throws AppError NOT_FOUND when there is no such key
 */
export async function keepKey(sql: Sql, token: string): Promise<boolean> {
  const kept = await sql`
    with kept as (
      update vault.subject_key set state = 'kept', kept_at = clock_timestamp()
      where token = ${token} and state = 'active' returning token)
    ${tellEviction(sql)} from kept`;
  if (kept.length === 0) await stateOf(sql, token);
  return kept.length > 0;
}

/**
 * First half of an erasure, in the caller's transaction: from its commit on nobody is answered with what stands under
 * this key, later events go to a new token, and every process is told to forget the key.
 * @returns false when it was marked or destroyed before
 * @throws AppError NOT_FOUND when there is no such key
 */
export async function markKey(sql: Sql, token: string): Promise<boolean> {
  const marked = await sql`
    with marked as (
      update vault.subject_key set state = 'erasing', erasing_at = clock_timestamp()
      where token = ${token} and state in ('active', 'kept') returning token)
    ${tellEviction(sql)} from marked`;
  if (marked.length === 0) await stateOf(sql, token);
  return marked.length > 0;
}

/** A key that is about to be destroyed, locked until the transaction ends. */
export interface LockedKey {
  token: string;
  subject: string | null;
  state: "active" | "kept" | "erasing" | "erased";
  /** Whether one key TTL has passed since it was marked. */
  ripe: boolean;
}

/**
 * Second half of an erasure, one key TTL later and in the caller's transaction: destroys the key and the link from its token
 * to the subject. Whatever was sealed with it is unreadable and nobody's from then on. The subject and its blind indexes go
 * with its last key, unless a hold or a restriction names it. Repeating it changes nothing.
 * @param ttlMs how long processes may keep a key; tests make it shorter
 * @throws AppError CONFLICT for a key that is not marked, or so lately that a process may still use it; NOT_FOUND
 */
export async function destroyKey(sql: Sql, token: string, ttlMs = keyTtlMs): Promise<void> {
  await destroyLockedKey(sql, await lockKey(sql, token, ttlMs), ttlMs);
}

/**
 * The first step of `destroyKey`. The row before the subject's: a process that adds a key to the subject waits for neither
 * while it holds the other. @returns null when there is no such key
 */
export async function lockKey(sql: Sql, token: string, ttlMs = keyTtlMs): Promise<LockedKey | null> {
  const [key] = await sql<LockedKey[]>`
    select token, subject, state, erasing_at <= clock_timestamp() - make_interval(secs => ${ttlMs / 1_000}) as ripe
    from vault.subject_key where token = ${token} for update`;
  return key ?? null;
}

/** The second. @throws as `destroyKey` */
export async function destroyLockedKey(sql: Sql, key: LockedKey | null, ttlMs = keyTtlMs): Promise<void> {
  if (!key) throw unknownKey();
  if (key.state === "erased") return;
  if (key.state !== "erasing")
    throw new AppError("CONFLICT", "The key must be marked before it is destroyed.", {
      hint: "Erase through `audit-db privacy erase`, which marks it, waits and destroys it.",
    });
  if (!key.ripe)
    throw new AppError("CONFLICT", `The key can be destroyed ${ttlMs / 1_000} s after it was marked.`, {
      hint: "Until then a process may have it in memory. Try again then.",
    });
  const destroyed = sql`
    update vault.subject_key
    set state = 'erased', wrapped_key = null, master_key_id = null, subject = null, created_at = null, kept_at = null,
        erased_at = clock_timestamp()
    where token = ${key.token}`.execute();
  await Promise.all([destroyed, ...(key.subject ? removeSubject(sql, key.subject) : [])]);
}

/**
 * A key that holds events of several policies (an old one, or that of unknown policies): it opens those of this one no
 * more, while it is kept for the others. In the caller's transaction; repeating it changes nothing.
 * @throws AppError NOT_FOUND when there is no such key, CONFLICT for one of a single policy
 */
export async function closePolicy(sql: Sql, token: string, target: string, policy: string): Promise<void> {
  const [key] = await sql<{ policy: string | null; state: string }[]>`
    select policy, state from vault.subject_key where token = ${token} for key share`;
  if (!key) throw unknownKey();
  if (key.policy !== null && key.policy !== unknownPolicy)
    throw new AppError("CONFLICT", `This key holds events of the policy ${key.policy} alone.`, {
      hint: "Mark and destroy the key itself.",
    });
  await sql`
    insert into vault.closed_policy (token, target, policy) values (${token}, ${target}, ${policy})
    on conflict do nothing`;
}

/** Two statements, carried out in their order: the second sees what was added before the first had the row. */
function removeSubject(sql: Sql, subject: string) {
  // Whoever adds a key or a hold to it waits here and finds it gone.
  const locked = sql`select from vault.subject where id = ${subject} for update`.execute();
  const removed = sql`
    delete from vault.subject where id = ${subject}
      and not exists (select from vault.subject_key where subject_key.subject = subject.id)
      and not exists (select from vault.restriction where restriction.subject = subject.id and lifted_at is null)
      and not exists (select from legal_hold where legal_hold.subject = subject.id and state <> 'released')`.execute();
  return [locked, removed];
}

/** Told when the transaction commits; a process that misses it forgets the key by itself within a minute. */
function tellEviction(sql: Sql) {
  return sql`select pg_notify(${evictionChannel}, token)`;
}

async function stateOf(sql: Sql, token: string): Promise<string> {
  const [key] = await sql<{ state: string }[]>`select state from vault.subject_key where token = ${token}`;
  if (!key) throw unknownKey();
  return key.state;
}

function unknownKey(): AppError {
  return new AppError("NOT_FOUND", "This console has no key of that token.", {
    hint: "It was another console's, or the application made the token itself.",
  });
}
