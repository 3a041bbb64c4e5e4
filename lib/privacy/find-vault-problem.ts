import { openMasterKeyFile } from "../audit-db/vault/file-master-keys.ts";
import { toAppError } from "../errors.ts";

/** Why people's data cannot be encrypted or read, in words; null when it can. */
export async function findVaultProblem(masterKeyFile: string | undefined): Promise<string | null> {
  if (!masterKeyFile) return "MASTER_KEY_FILE is not set";
  try {
    await openMasterKeyFile(masterKeyFile).activeId();
    return null;
  } catch (thrown) {
    return toAppError(thrown).message;
  }
}
