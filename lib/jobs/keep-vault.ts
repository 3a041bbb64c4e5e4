import type { Sql } from "postgres";
import { openMasterKeyFile } from "../audit-db/vault/file-master-keys.ts";
import { levelOf } from "../db/errors.ts";
import { beat } from "../duties/heartbeat.ts";
import { pause } from "../duties/pause.ts";
import { keepMasterKeys } from "../key-store/keep-master-keys.ts";
import type { Logger } from "../log/log.ts";

const everyMs = 10 * 60_000;
/** Soon again while the key file or the database cannot be used. */
const retryMs = 60_000;

/** Keeps the master keys rotating until the signal aborts; whatever a killed process left half done goes on here. */
export async function keepVault(
  options: { sql: Sql; masterKeyFile: string; rotationDays: number; logger: Logger },
  signal: AbortSignal,
): Promise<void> {
  const { sql, masterKeyFile, rotationDays, logger } = options;
  const masterKeys = openMasterKeyFile(masterKeyFile);
  while (!signal.aborted) {
    let waitMs = everyMs;
    try {
      const { rotated, left, destroyed } = await keepMasterKeys(sql, masterKeys, {
        rotationDays,
        signal,
        onProgress: (left) => logger.debug({ left }, "data keys are wrapped under the new master key"),
      });
      if (rotated) logger.info({ masterKey: rotated, left }, "master key rotated");
      if (destroyed.length > 0) logger.info({ masterKeys: destroyed }, "retired master keys destroyed");
      await beat(sql, "vault", "*");
    } catch (err) {
      waitMs = retryMs;
      logger[levelOf(err)]({ err }, "the master keys could not be kept just now");
    }
    await pause(waitMs, signal);
  }
}
