import type { Sql } from "postgres";
import type { KeyStore, NewSubject, StoredSubject, Wrapped } from "../audit-db/vault/types.ts";
import { consoleDbError } from "../db/errors.ts";
import { AppError } from "../errors.ts";
import { bytesArray } from "./bytes-array.ts";

type Indexed = StoredSubject & { blindIndex: Buffer };

/** The vault's wrapped keys and blind indexes in the console database (schema `vault`). */
export function createKeyStore(sql: Sql): KeyStore {
  return {
    findByIndex: (blindIndexes) => explained(() => findByIndex(sql, blindIndexes)),
    findByToken: (tokens) =>
      explained(async () => {
        const rows = await sql<StoredSubject[]>`
          select token, key_id as "keyId", case when state = 'active' then wrapped_key end as "wrappedKey",
                 master_key_id as "masterKeyId"
          from vault.subject where token = any(${[...tokens]})`;
        return new Map(rows.map((row) => [row.token, row]));
      }),
    add: (subjects) => explained(() => add(sql, subjects)),
    indexKey: (fresh) => explained(() => readIndexKey(sql, fresh)),
  };
}

async function findByIndex(sql: Sql, blindIndexes: readonly Buffer[]): Promise<Map<string, StoredSubject>> {
  const rows = await sql<Indexed[]>`
    select blind_index as "blindIndex", token, key_id as "keyId", wrapped_key as "wrappedKey",
           master_key_id as "masterKeyId"
    from vault.blind_index join vault.subject using (token)
    where state = 'active' and blind_index = any(${bytesArray(blindIndexes)}::text[]::bytea[])`;
  return new Map(rows.map(({ blindIndex, ...subject }) => [blindIndex.toString("hex"), subject]));
}

/**
 * One statement: whoever comes second waits for the first at the blind index, adds nothing, and reads the first's
 * subject afterwards. In index order, so that two processes with the same people cannot deadlock. Nothing is added
 * under a master key that is already destroyed.
 */
async function add(sql: Sql, subjects: readonly NewSubject[]): Promise<Map<string, StoredSubject>> {
  const sorted = [...subjects].sort((a, b) => a.blindIndex.compare(b.blindIndex));
  await sql`
    with given as (
      select * from unnest(
        ${sorted.map(({ token }) => token)}::text[],
        ${bytesArray(sorted.map(({ keyId }) => keyId))}::text[]::bytea[],
        ${bytesArray(sorted.map(({ wrappedKey }) => wrappedKey))}::text[]::bytea[],
        ${sorted.map(({ masterKeyId }) => masterKeyId)}::text[],
        ${bytesArray(sorted.map(({ blindIndex }) => blindIndex))}::text[]::bytea[]
      ) as given (token, key_id, wrapped_key, master_key_id, blind_index)
      where not exists (
        select from vault.master_key where id = given.master_key_id and state = 'destroyed')
    ), indexed as (
      insert into vault.blind_index (blind_index, token)
      select blind_index, token from given order by blind_index
      on conflict do nothing
      returning token
    )
    insert into vault.subject (token, key_id, wrapped_key, master_key_id)
    select token, key_id, wrapped_key, master_key_id from given join indexed using (token)`;
  return findByIndex(
    sql,
    sorted.map(({ blindIndex }) => blindIndex),
  );
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
