import type { Sql } from "postgres";
import type { MasterKeyRing } from "../audit-db/vault/types.ts";
import { consoleLocks } from "../db/locks.ts";
import { AppError } from "../errors.ts";
import { countWrapped, type WrappedCounts, wrappedTables } from "./wrapped-tables.ts";

const dayMs = 86_400_000;

/** With the keys that are still wrapped under it: people's, the blind index's own, and all further secrets. */
export interface MasterKeyState extends WrappedCounts {
  id: string;
  state: "active" | "retiring" | "destroyed";
  createdAt: Date;
  destroyAfter: Date | null;
  destroyedAt: Date | null;
  /** Since this console first saw it, by the database's clock. */
  ageMs: number;
}

/** Every master key this console has used, the active one first, then by age. */
export async function listMasterKeys(sql: Sql): Promise<MasterKeyState[]> {
  const keys = await sql<Omit<MasterKeyState, keyof WrappedCounts>[]>`
    select id, state, created_at as "createdAt", destroy_after as "destroyAfter", destroyed_at as "destroyedAt",
           (extract(epoch from now() - created_at) * 1000)::float8 as "ageMs"
    from vault.master_key order by state, created_at desc`;
  const wrapped = await countWrapped(sql);
  return keys.map((key) => ({ ...key, ...(wrapped.get(key.id) ?? { subjects: 0, index: 0, secrets: 0 }) }));
}

/**
 * How long a retired key stays after everything was wrapped anew: a day for processes that were suspended
 * meanwhile, less where keys live for less than two.
 */
export function graceMs(rotationDays: number): number {
  return Math.min(dayMs, (rotationDays * dayMs) / 2);
}

/** Notes the file's active key, so that its age and what follows it are on record. */
export function noteActiveKey(sql: Sql, masterKeys: MasterKeyRing): Promise<void> {
  return locked(sql, (tx) => note(tx, masterKeys));
}

async function note(tx: Sql, masterKeys: MasterKeyRing): Promise<void> {
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

/**
 * Makes a new master key the active one. Call `rewrapKeys` until nothing is left.
 * @param keyId of the new key, for whoever must know it before
 * @returns its id
 */
export function rotateMasterKey(sql: Sql, masterKeys: MasterKeyRing, keyId?: string): Promise<string> {
  return locked(sql, async (tx) => {
    await note(tx, masterKeys);
    const id = await masterKeys.addKey(keyId);
    await note(tx, masterKeys);
    return id;
  });
}

/**
 * Destroys the keys whose day has come and that wrap nothing any more. The record comes first: from then on nothing
 * is wrapped under such a key, and a process killed in between finds it in the file and goes on.
 * @returns the ids taken out of the file
 */
export function destroyRetiredKeys(sql: Sql, masterKeys: MasterKeyRing): Promise<string[]> {
  return locked(sql, async (tx) => {
    await tx`
      update vault.master_key set state = 'destroyed', destroyed_at = now()
      where state = 'retiring' and destroy_after <= now()`;
    for (const { table } of wrappedTables) {
      // Nobody may add a key between the look and the record's commit; readers are not held up.
      await tx`lock table ${tx(table)} in share mode`;
      await tx`
        update vault.master_key set state = 'retiring', destroyed_at = null, destroy_after = null
        where state = 'destroyed' and exists (
          select from ${tx(table)} as kept where kept.master_key_id = master_key.id)`;
    }
  }).then(() => locked(sql, (tx) => removeDestroyed(tx, masterKeys)));
}

async function removeDestroyed(tx: Sql, masterKeys: MasterKeyRing): Promise<string[]> {
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
