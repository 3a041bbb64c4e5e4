import type { Vault } from "../audit-db/vault/types.ts";
import { AppError } from "../errors.ts";
import { openVault } from "../key-store/open-vault.ts";

/** This process's vault, for what is about a person. @throws AppError UNSUPPORTED with what to do */
export function requireVault(): Vault {
  const vault = openVault();
  if (vault) return vault;
  throw new AppError("UNSUPPORTED", "There is no master key, so the console knows no person by their id.", {
    hint: "Make one with `audit-db vault init FILE` and set MASTER_KEY_FILE.",
  });
}
