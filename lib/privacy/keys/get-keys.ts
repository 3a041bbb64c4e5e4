import type { MasterKeyRing } from "../../audit-db/vault/types.ts";
import type { ConsoleDb } from "../../db/console-db.ts";
import { findLostKeys, type LostKeys } from "../../key-store/find-lost-keys.ts";
import { listPublicKeys, type PublicSigningKey } from "../../key-store/list-public-keys.ts";
import { listMasterKeys, type MasterKeyState } from "../../key-store/rotate-master-key.ts";
import { findVaultProblem } from "./find-vault-problem.ts";

export interface ConsoleKeys {
  signingKeys: PublicSigningKey[];
  masterKeys: MasterKeyState[];
  /** Why master keys cannot be used, in words; null when they can. */
  problem: string | null;
  /** Keys that do not open, by their master key; none while master keys cannot be used at all. */
  lost: LostKeys[];
}

/** The console's keys without their secrets. @param masterKeys undefined when none are configured */
export async function getKeys(
  { sql }: Pick<ConsoleDb, "sql">,
  masterKeys: MasterKeyRing | undefined,
): Promise<ConsoleKeys> {
  const known = { signingKeys: await listPublicKeys(sql), masterKeys: await listMasterKeys(sql) };
  const problem = await findVaultProblem(masterKeys);
  if (!masterKeys || problem !== null) return { ...known, problem, lost: [] };
  return { ...known, problem, lost: (await findLostKeys(sql, masterKeys)).lost };
}
