import type { Sql } from "postgres";
import type { MasterKeyRing } from "../audit-db/vault/types.ts";
import { bytesArray } from "./bytes-array.ts";
import { graceMs } from "./rotate-master-key.ts";
import { type WrappedTable, wrappedTables } from "./wrapped-tables.ts";

const batchSize = 500;

type WrappedRow = Record<string, unknown> & { wrapped_key: Buffer; master_key_id: string };

/**
 * Wraps keys that stand under an older master key under the active one, up to 500 of each table; when none is left,
 * sets the day on which the older ones are destroyed.
 * @returns how many are left; killed at any point, the next call goes on
 */
export async function rewrapKeys(sql: Sql, masterKeys: MasterKeyRing, rotationDays: number): Promise<number> {
  const active = await masterKeys.activeId();
  let left = 0;
  for (const table of wrappedTables) left += await rewrapSome(sql, masterKeys, table, active);
  if (left === 0)
    await sql`
      update vault.master_key
      set destroy_after = now() + make_interval(secs => ${graceMs(rotationDays) / 1_000})
      where state = 'retiring' and destroy_after is null`;
  return left;
}

async function rewrapSome(
  sql: Sql,
  masterKeys: MasterKeyRing,
  { table, id, idType, contextOf }: WrappedTable,
  active: string,
): Promise<number> {
  const older = sql`wrapped_key is not null and master_key_id <> ${active}`;
  const rows = await sql<WrappedRow[]>`select * from ${sql(table)} where ${older} limit ${batchSize}`;
  if (rows.length === 0) return 0;
  const fresh = await Promise.all(
    rows.map(async (row) => {
      const context = contextOf(row);
      const { wrapped_key: wrappedKey, master_key_id: masterKeyId } = row;
      const key = await masterKeys.unwrap({ wrappedKey, masterKeyId }, context);
      const again = await masterKeys.wrap(key, context);
      key.fill(0);
      return again;
    }),
  );
  // Only what is still as it was read: an erasure or a replacement in between stays one.
  await sql`
    update ${sql(table)} as kept set wrapped_key = fresh.wrapped_key, master_key_id = fresh.master_key_id
    from unnest(
      ${rows.map((row) => String(row[id]))}::text[],
      ${bytesArray(rows.map((row) => row.wrapped_key))}::text[]::bytea[],
      ${bytesArray(fresh.map(({ wrappedKey }) => wrappedKey))}::text[]::bytea[],
      ${fresh.map(({ masterKeyId }) => masterKeyId)}::text[]
    ) as fresh (id, was, wrapped_key, master_key_id)
    where kept.${sql(id)} = fresh.id::${sql(idType)} and kept.wrapped_key = fresh.was`;
  const [left] = await sql<{ count: number }[]>`
    select count(*)::int as count from ${sql(table)} where ${older}`;
  return left?.count ?? 0;
}
