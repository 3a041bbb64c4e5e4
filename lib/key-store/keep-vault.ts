import type { MasterKeyRing } from "../audit-db/vault/types.ts";
import type { ConsoleDb } from "../db/console-db.ts";
import type { Logger } from "../log/log.ts";
import { keepMasterKeys } from "./keep-master-keys.ts";
import { ensureSigningKey } from "./signing-keys.ts";

export interface VaultUpkeep {
  console: ConsoleDb;
  masterKeys: MasterKeyRing;
  rotationDays: number;
  /** Begins to replace the active master key, whose time has come. */
  rotate(): Promise<unknown>;
  auditTargets: readonly string[];
  logger: Logger;
}

/**
 * One round of the vault's upkeep: master keys are replaced in time, whatever a killed process left half done goes on, and there is a
 * signing key before anything is to be signed.
 */
export async function keepVault(
  { console, rotationDays, rotate, logger, ...context }: VaultUpkeep,
  signal: AbortSignal,
): Promise<void> {
  const { begun, destroyed } = await keepMasterKeys(console.sql, context.masterKeys, {
    rotationDays,
    rotate,
    signal,
    onProgress: (left) => logger.debug({ left }, "keys are wrapped under the new master key"),
  });
  if (begun) logger.info("the master key's time has come; its replacement is begun");
  if (destroyed.length > 0) logger.info({ masterKeys: destroyed }, "retired master keys destroyed");
  await console.db.transaction((tx) => ensureSigningKey(tx, context));
}
