import type { MasterKeys } from "../../audit-db/vault/types.ts";
import { toAppError } from "../../errors.ts";

/** Why master keys cannot be used, and so people's data neither encrypted nor read, in words; null when they can. */
export async function findVaultProblem(masterKeys: MasterKeys | undefined): Promise<string | null> {
  if (!masterKeys) return "MASTER_KEY_FILE is not set";
  try {
    await masterKeys.activeId();
    return null;
  } catch (thrown) {
    return toAppError(thrown).message;
  }
}
