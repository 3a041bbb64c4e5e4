import type { Sql } from "postgres";
import type { MasterKeyRing } from "../audit-db/vault/types.ts";
import { rewrapKeys } from "./rewrap-keys.ts";
import { destroyRetiredKeys, graceMs, listMasterKeys, noteActiveKey } from "./rotate-master-key.ts";

const dayMs = 86_400_000;

export interface MasterKeyWork {
  /** Whether the active key's time had come and its replacement was begun. */
  begun: boolean;
  /** Data keys that still stand under an older master key. */
  left: number;
  destroyed: string[];
}

/**
 * One run of the master keys' upkeep: begins to replace the active one when its time has come, so early that the old key
 * is gone `rotationDays` after it was made; wraps what still stands under older ones, and destroys what is retired.
 * @param rotate begins the replacement; it may go on after this
 * @param onProgress called after each batch with how many data keys are left
 */
export async function keepMasterKeys(
  sql: Sql,
  masterKeys: MasterKeyRing,
  options: {
    rotationDays: number;
    rotate(): Promise<unknown>;
    signal?: AbortSignal;
    onProgress?: (left: number) => void;
  },
): Promise<MasterKeyWork> {
  const { rotationDays, signal } = options;
  await noteActiveKey(sql, masterKeys);
  const active = (await listMasterKeys(sql)).find(({ state }) => state === "active");
  const lifeMs = rotationDays * dayMs - graceMs(rotationDays);
  const due = active !== undefined && active.ageMs >= lifeMs;
  if (due) await options.rotate();
  let left = await rewrapKeys(sql, masterKeys, rotationDays);
  while (left > 0 && !signal?.aborted) {
    options.onProgress?.(left);
    left = await rewrapKeys(sql, masterKeys, rotationDays);
  }
  return { begun: due, left, destroyed: await destroyRetiredKeys(sql, masterKeys) };
}
