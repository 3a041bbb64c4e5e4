import type { Sql } from "postgres";
import type { FileMasterKeys } from "../audit-db/vault/file-master-keys.ts";
import {
  destroyRetiredKeys,
  graceMs,
  listMasterKeys,
  noteActiveKey,
  rewrapKeys,
  rotateMasterKey,
} from "./rotate-master-key.ts";

const dayMs = 86_400_000;

export interface MasterKeyWork {
  /** Id of the key made in this run. */
  rotated: string | null;
  /** Data keys that still stand under an older master key. */
  left: number;
  destroyed: string[];
}

/**
 * One run of the master keys' upkeep: replaces the active one when its time has come, wraps data keys anew, and
 * destroys what is retired. So early that the old key is gone `rotationDays` after it was made.
 * @param onProgress called after each batch with how many data keys are left
 */
export async function keepMasterKeys(
  sql: Sql,
  masterKeys: FileMasterKeys,
  options: { rotationDays: number; signal?: AbortSignal; onProgress?: (left: number) => void },
): Promise<MasterKeyWork> {
  const { rotationDays, signal } = options;
  await noteActiveKey(sql, masterKeys);
  const active = (await listMasterKeys(sql)).find(({ state }) => state === "active");
  const lifeMs = rotationDays * dayMs - graceMs(rotationDays);
  const due = active !== undefined && active.ageMs >= lifeMs;
  const rotated = due ? await rotateMasterKey(sql, masterKeys) : null;
  let left = await rewrapKeys(sql, masterKeys, rotationDays);
  while (left > 0 && !signal?.aborted) {
    options.onProgress?.(left);
    left = await rewrapKeys(sql, masterKeys, rotationDays);
  }
  return { rotated, left, destroyed: await destroyRetiredKeys(sql, masterKeys) };
}
