import type { Sql } from "postgres";
import type {
  IndexedPlace,
  KeyStore,
  LivingKey,
  NewKey,
  StoredKey,
  TokenKey,
  Wrapped,
} from "../audit-db/vault/types.ts";
import { consoleDbError } from "../db/errors.ts";
import { AppError } from "../errors.ts";
import { sqlStateOf } from "../sql-state.ts";
import { bytesArray } from "./bytes-array.ts";
import { ensureSubjects, findSubjects } from "./subjects.ts";

/** The vault's wrapped keys and blind indexes in the console database (schema `vault`). */
export function createKeyStore(sql: Sql): KeyStore {
  return {
    findActive: (places) => explained(() => findActive(sql, places)),
    findLiving: (blindIndexes, target) => explained(() => findLiving(sql, blindIndexes, target)),
    findByToken: (tokens) => explained(() => findByToken(sql, tokens)),
    add: (keys) => explained(() => add(sql, keys)),
    findSubjects: (blindIndexes) => explained(() => findSubjects(sql, blindIndexes)),
    ensureSubjects: (blindIndexes) => explained(() => ensureSubjects(sql, blindIndexes)),
    indexKey: (fresh) => explained(() => readIndexKey(sql, fresh)),
  };
}

/**
 * Each place by two looks into an index, whatever the server knows of the tables: before they were analyzed it would join
 * all places with all keys of their policy first.
 */
async function findActive(sql: Sql, places: readonly IndexedPlace[]): Promise<(StoredKey | null)[]> {
  const rows = await sql<(StoredKey & { ord: number })[]>`
    select ord::int - 1 as ord, token, key_id as "keyId", wrapped_key as "wrappedKey",
           master_key_id as "masterKeyId"
    from ${given(sql, places)}
    cross join lateral (
      select subject from vault.blind_index as known where known.blind_index = given.blind_index limit 1) as known
    cross join lateral (
      select token, key_id, wrapped_key, master_key_id from vault.subject_key as key
      where key.subject = known.subject and key.target = given.target and key.policy = given.policy
        and state = 'active' limit 1) as key`;
  const found: (StoredKey | null)[] = places.map(() => null);
  for (const { ord, ...key } of rows) found[ord] = key;
  return found;
}

function given(sql: Sql, places: readonly IndexedPlace[]) {
  return sql`unnest(
      ${bytesArray(places.map(({ blindIndex }) => blindIndex))}::text[]::bytea[],
      ${places.map(({ target }) => target)}::text[],
      ${places.map(({ policy }) => policy)}::text[]
    ) with ordinality as given (blind_index, target, policy, ord)`;
}

async function findLiving(sql: Sql, blindIndexes: readonly Buffer[], target: string): Promise<LivingKey[][]> {
  const rows = await sql<(LivingKey & { ord: number })[]>`
    select ord::int - 1 as ord, token, key_id as "keyId", wrapped_key as "wrappedKey",
           master_key_id as "masterKeyId", policy
    from unnest(${bytesArray(blindIndexes)}::text[]::bytea[]) with ordinality as given (blind_index, ord)
    join vault.blind_index using (blind_index)
    join vault.subject_key using (subject)
    where state in ('active', 'kept') and (target = ${target} or target is null)
    order by subject_key.created_at desc`;
  const found: LivingKey[][] = blindIndexes.map(() => []);
  for (const { ord, ...key } of rows) found[ord]?.push(key);
  return found;
}

async function findByToken(sql: Sql, tokens: readonly string[]): Promise<Map<string, TokenKey>> {
  const rows = await sql<TokenKey[]>`
    select token, key_id as "keyId", master_key_id as "masterKeyId",
           case when state in ('active', 'kept') then wrapped_key end as "wrappedKey",
           (select coalesce(jsonb_agg(jsonb_build_object('target', closed.target, 'policy', closed.policy)), '[]')
            from vault.closed_policy as closed where closed.token = key.token) as closed
    from vault.subject_key as key where token = any(${[...tokens]})`;
  return new Map(rows.map((row) => [row.token, row]));
}

/** How often somebody else may come between: a subject begun by another process, or gone just now. */
const attempts = 5;

/**
 * Whoever comes second adds nothing, and reads the first's keys afterwards. A subject that another process made
 * meanwhile is not seen by the statement that waited for it, so the keys it left out are added by the next.
 */
async function add(sql: Sql, keys: readonly NewKey[]): Promise<(StoredKey | null)[]> {
  const stands: (StoredKey | null)[] = keys.map(() => null);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const missing = keys.flatMap((_, at) => (stands[at] ? [] : [at]));
    if (missing.length === 0) break;
    const places = missing.map((at) => keys[at] as NewKey);
    await insertKeys(sql, places).catch((thrown: unknown) => {
      // The subject went with its last key between the look and the insert: the next one makes another.
      if (sqlStateOf(thrown) !== foreignKeyViolation) throw thrown;
    });
    const found = await findActive(sql, places);
    for (const [nth, at] of missing.entries()) stands[at] = found[nth] ?? null;
  }
  return stands;
}

const foreignKeyViolation = "23503";

/**
 * One statement. All blind indexes come before all keys, each in an order of their own, so that two processes with the
 * same people cannot deadlock. Nothing is added under a master key that is already destroyed, nor a key a second time that
 * the attempt before made and somebody marked since: its place stays without one.
 */
async function insertKeys(sql: Sql, keys: readonly NewKey[]): Promise<void> {
  await sql`
    with given as materialized (
      select * from unnest(
        ${keys.map(({ token }) => token)}::text[],
        ${bytesArray(keys.map(({ keyId }) => keyId))}::text[]::bytea[],
        ${bytesArray(keys.map(({ wrappedKey }) => wrappedKey))}::text[]::bytea[],
        ${keys.map(({ masterKeyId }) => masterKeyId)}::text[],
        ${bytesArray(keys.map(({ blindIndex }) => blindIndex))}::text[]::bytea[],
        ${keys.map(({ target }) => target)}::text[],
        ${keys.map(({ policy }) => policy)}::text[]
      ) as given (token, key_id, wrapped_key, master_key_id, blind_index, target, policy)
      where not exists (
        select from vault.master_key where id = given.master_key_id and state = 'destroyed')
      and not exists (select from vault.subject_key as made where made.token = given.token)
    ), stranger as materialized (
      select distinct blind_index from given
      where not exists (select from vault.blind_index as known where known.blind_index = given.blind_index)
    ), indexed as (
      insert into vault.blind_index (blind_index, subject)
      select blind_index, gen_random_uuid() from stranger order by blind_index
      on conflict do nothing
      returning blind_index, subject
    ), made as (
      insert into vault.subject (id) select subject from indexed
    ), known as (
      select blind_index, subject from indexed
      union all
      select blind_index, subject from vault.blind_index join (select distinct blind_index from given) asked using (blind_index)
    )
    insert into vault.subject_key (token, key_id, wrapped_key, master_key_id, subject, target, policy)
    select token, key_id, wrapped_key, master_key_id, subject, target, policy
    from given join known using (blind_index) order by subject, target, policy
    on conflict (subject, target, policy) where state = 'active' and target is not null do nothing`;
}

async function readIndexKey(sql: Sql, fresh: () => Promise<Wrapped>): Promise<Wrapped> {
  const read = () => sql<Wrapped[]>`
    select wrapped_key as "wrappedKey", master_key_id as "masterKeyId" from vault.index_key`;
  const [found] = await read();
  if (found) return found;
  const { wrappedKey, masterKeyId } = await fresh();
  await sql`
    insert into vault.index_key (wrapped_key, master_key_id)
    select ${wrappedKey}, ${masterKeyId}
    where not exists (select from vault.master_key where id = ${masterKeyId} and state = 'destroyed')
    on conflict do nothing`;
  const [stands] = await read();
  if (stands) return stands;
  throw new AppError("UNAVAILABLE", "The active master key of this process was destroyed meanwhile.", {
    hint: "Give every process the newest copy of the master key file.",
  });
}

async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw consoleDbError(thrown);
  }
}
