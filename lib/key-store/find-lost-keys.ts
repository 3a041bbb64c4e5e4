import type { Sql } from "postgres";
import type { MasterKeyRing } from "../audit-db/vault/types.ts";
import { countWrapped } from "./wrapped-tables.ts";

export interface LostKeys {
  masterKeyId: string;
  /** How many keys it wraps. */
  count: number;
}

export interface WrappedKeys {
  /** All keys that master keys wrap: people's, the blind index's own and secrets. */
  count: number;
  /** Those that do not open, because their master key is not at hand. */
  lost: LostKeys[];
}

/** How many keys the console holds, and which do not open with these master keys. */
export async function findLostKeys(sql: Sql, masterKeys: Pick<MasterKeyRing, "ids">): Promise<WrappedKeys> {
  const atHand = new Set(await masterKeys.ids());
  const wrapped = [...(await countWrapped(sql))].map(([masterKeyId, { subjects, index, secrets }]) => ({
    masterKeyId,
    count: subjects + index + secrets,
  }));
  return {
    count: wrapped.reduce((sum, { count }) => sum + count, 0),
    lost: wrapped.filter(({ masterKeyId }) => !atHand.has(masterKeyId)),
  };
}
