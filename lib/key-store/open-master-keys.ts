import { openMasterKeyFile } from "../audit-db/vault/file-master-keys.ts";
import type { MasterKeyRing } from "../audit-db/vault/types.ts";
import type { Env } from "../env/parse.ts";
import { env } from "../env.ts";
import { AppError } from "../errors.ts";

/** The master keys that the settings name; undefined when they name none. The only place that knows what keeps them. */
export function findMasterKeys(
  { MASTER_KEY_FILE: file }: Pick<Env, "MASTER_KEY_FILE"> = env(),
): MasterKeyRing | undefined {
  return file ? openMasterKeyFile(file) : undefined;
}

/** The same for whoever cannot do without. @throws AppError UNSUPPORTED with what to do */
export function openMasterKeys(settings?: Pick<Env, "MASTER_KEY_FILE">): MasterKeyRing {
  const masterKeys = findMasterKeys(settings);
  if (masterKeys) return masterKeys;
  throw new AppError("UNSUPPORTED", "There is no master key.", {
    hint: "Make one with `audit-db vault init FILE` and set MASTER_KEY_FILE.",
  });
}
