import type { Sql } from "postgres";
import type { FileMasterKeys } from "../audit-db/vault/file-master-keys.ts";
import { indexContext } from "../audit-db/vault/wrap.ts";
import { consoleLocks } from "../db/locks.ts";
import { AppError } from "../errors.ts";
import { bytesArray } from "./bytes-array.ts";

const batchSize = 500;
const dayMs = 86_400_000;

export interface MasterKeyState {
  id: string;
  state: "active" | "retiring" | "destroyed";
  createdAt: Date;
  destroyAfter: Date | null;
  destroyedAt: Date | null;
  /** Since this console first saw it, by the database's clock. */
  ageMs: number;
  /** Data keys that are still wrapped under it. */
  subjects: number;
}

/** Every master key this console has used, the active one first, then by age. */
export async function listMasterKeys(sql: Sql): Promise<MasterKeyState[]> {
  const keys = await sql<MasterKeyState[]>`
    select id, state, created_at as "createdAt", destroy_after as "destroyAfter", destroyed_at as "destroyedAt",
           (extract(epoch from now() - created_at) * 1000)::float8 as "ageMs",
           (select count(*)::int from vault.subject
            where master_key_id = master_key.id and wrapped_key is not null) as subjects
    from vault.master_key order by state, created_at desc`;
  return [...keys];
}

/**
 * How long a retired key stays after everything was wrapped anew: a day for processes that were suspended
 * meanwhile, less where keys live for less than two.
 */
export function graceMs(rotationDays: number): number {
  return Math.min(dayMs, (rotationDays * dayMs) / 2);
}

/** Notes the file's active key, so that its age and what follows it are on record. */
export function noteActiveKey(sql: Sql, masterKeys: FileMasterKeys): Promise<void> {
  return locked(sql, (tx) => note(tx, masterKeys));
}

async function note(tx: Sql, masterKeys: FileMasterKeys): Promise<void> {
  const active = await masterKeys.activeId();
  const [known] = await tx<{ state: string }[]>`select state from vault.master_key where id = ${active}`;
  if (known?.state === "destroyed")
    throw new AppError("UNAVAILABLE", "The master key file is older than the console's database.", {
      hint: "Its active key was destroyed since. Restore the newest copy of the file.",
    });
  await tx`update vault.master_key set state = 'retiring' where state = 'active' and id <> ${active}`;
  await tx`
    insert into vault.master_key (id, state) values (${active}, 'active')
    on conflict (id) do update set state = 'active', destroy_after = null where master_key.state = 'retiring'`;
}

/** Makes a new master key the active one. Call `rewrapKeys` until nothing is left. @returns its id */
export function rotateMasterKey(sql: Sql, masterKeys: FileMasterKeys): Promise<string> {
  return locked(sql, async (tx) => {
    await note(tx, masterKeys);
    const id = await masterKeys.addKey();
    await note(tx, masterKeys);
    return id;
  });
}

/**
 * Wraps up to 500 data keys that stand under an older master key under the active one; when none is left, sets the
 * day on which the older ones are destroyed.
 * @returns how many are left; killed at any point, the next call goes on
 */
export async function rewrapKeys(
  sql: Sql,
  masterKeys: FileMasterKeys,
  rotationDays: number,
): Promise<number> {
  const active = await masterKeys.activeId();
  const rows = await sql<{ token: string; wrappedKey: Buffer; masterKeyId: string }[]>`
    select token, wrapped_key as "wrappedKey", master_key_id as "masterKeyId"
    from vault.subject where wrapped_key is not null and master_key_id <> ${active} limit ${batchSize}`;
  const fresh = await Promise.all(
    rows.map(async ({ token, ...wrapped }) => {
      const key = await masterKeys.unwrap(wrapped, token);
      const again = await masterKeys.wrap(key, token);
      key.fill(0);
      return again;
    }),
  );
  // Only what is still as it was read: an erasure in between stays an erasure.
  await sql`
    update vault.subject set wrapped_key = fresh.wrapped_key, master_key_id = fresh.master_key_id
    from unnest(
      ${rows.map(({ token }) => token)}::text[],
      ${bytesArray(rows.map(({ wrappedKey }) => wrappedKey))}::text[]::bytea[],
      ${bytesArray(fresh.map(({ wrappedKey }) => wrappedKey))}::text[]::bytea[],
      ${fresh.map(({ masterKeyId }) => masterKeyId)}::text[]
    ) as fresh (token, was, wrapped_key, master_key_id)
    where subject.token = fresh.token and subject.wrapped_key = fresh.was`;
  await rewrapIndexKey(sql, masterKeys, active);
  const [left] = await sql<{ count: number }[]>`
    select count(*)::int as count from vault.subject
    where wrapped_key is not null and master_key_id <> ${active}`;
  if (left?.count === 0)
    await sql`
      update vault.master_key
      set destroy_after = now() + make_interval(secs => ${graceMs(rotationDays) / 1_000})
      where state = 'retiring' and destroy_after is null`;
  return left?.count ?? 0;
}

async function rewrapIndexKey(sql: Sql, masterKeys: FileMasterKeys, active: string): Promise<void> {
  const [index] = await sql<{ wrappedKey: Buffer; masterKeyId: string }[]>`
    select wrapped_key as "wrappedKey", master_key_id as "masterKeyId" from vault.index_key
    where master_key_id <> ${active}`;
  if (!index) return;
  const key = await masterKeys.unwrap(index, indexContext);
  const fresh = await masterKeys.wrap(key, indexContext);
  key.fill(0);
  await sql`
    update vault.index_key set wrapped_key = ${fresh.wrappedKey}, master_key_id = ${fresh.masterKeyId}
    where wrapped_key = ${index.wrappedKey}`;
}

/**
 * Destroys the keys whose day has come and that wrap nothing any more. The record comes first: from then on no
 * subject is added under such a key, and a process killed in between finds it in the file and goes on.
 * @returns the ids taken out of the file
 */
export function destroyRetiredKeys(sql: Sql, masterKeys: FileMasterKeys): Promise<string[]> {
  return locked(sql, async (tx) => {
    await tx`
      update vault.master_key set state = 'destroyed', destroyed_at = now()
      where state = 'retiring' and destroy_after <= now()`;
    // Nobody may add a subject between the look and the record's commit; readers are not held up.
    await tx`lock table vault.subject in share mode`;
    await tx`
      update vault.master_key set state = 'retiring', destroyed_at = null, destroy_after = null
      where state = 'destroyed' and (
        exists (select from vault.subject where master_key_id = master_key.id)
        or exists (select from vault.index_key where master_key_id = master_key.id))`;
  }).then(() => locked(sql, (tx) => removeDestroyed(tx, masterKeys)));
}

async function removeDestroyed(tx: Sql, masterKeys: FileMasterKeys): Promise<string[]> {
  const inFile = await masterKeys.ids();
  const gone = await tx<{ id: string }[]>`
    select id from vault.master_key where state = 'destroyed' and id = any(${inFile})`;
  for (const { id } of gone) await masterKeys.destroyKey(id);
  return gone.map(({ id }) => id);
}

function locked<T>(sql: Sql, work: (tx: Sql) => Promise<T>): Promise<T> {
  return sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(${consoleLocks.masterKeys})`;
    return work(tx as unknown as Sql);
  }) as Promise<T>;
}
