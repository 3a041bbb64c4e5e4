import type { AuditDb } from "../../audit-db/types.ts";
import type { MasterKeys } from "../../audit-db/vault/types.ts";
import type { ConsoleDb, Tx } from "../../db/console-db.ts";
import { openConfiguredTarget } from "../../engines/open-target.ts";
import { env } from "../../env.ts";
import { findMasterKeys } from "../../key-store/open-master-keys.ts";
import type { ErasureRow } from "./erasures.ts";

/** Is told of erasures that came through, in the transaction in which they do. */
export type ErasureTold = (tx: Tx, destroyed: readonly ErasureRow[], now: Date) => Promise<void>;

/** What it takes to find out whether a key may go, and to let it go. */
export interface ErasureContext {
  console: ConsoleDb;
  /** Names of every configured target: an old key may hold events of each. */
  auditTargets: readonly string[];
  openTarget(name: string): AuditDb;
  /** For the receipts' signatures. */
  masterKeys: MasterKeys | undefined;
  now(): Date;
  told?: ErasureTold | undefined;
}

/** This process's own. @param audit the engine that a job was given for its target */
export function erasureContext(
  console: ConsoleDb,
  now: () => Date,
  audit?: AuditDb,
  told?: ErasureTold,
): ErasureContext {
  return {
    console,
    auditTargets: env().targets.map(({ name }) => name),
    openTarget: (name) => (audit?.target === name ? audit : openConfiguredTarget(name)),
    masterKeys: findMasterKeys(),
    now,
    told,
  };
}
