import { createVault, type VaultOptions } from "../audit-db/vault/create-vault.ts";
import type { MasterKeys, Vault } from "../audit-db/vault/types.ts";
import { type ConsoleDb, consoleDb } from "../db/console-db.ts";
import { env } from "../env.ts";
import { createKeyStore } from "./key-store.ts";
import { findMasterKeys } from "./open-master-keys.ts";
import { evictionChannel } from "./subject-keys.ts";

const held = globalThis as typeof globalThis & { auditDashboardVault?: Vault };

/**
 * This process's vault: keys from the console database, wrapped by the master key file. Undefined when
 * MASTER_KEY_FILE or the console database is not configured; events that carry people are then refused.
 */
export function openVault(): Vault | undefined {
  if (held.auditDashboardVault) return held.auditDashboardVault;
  const masterKeys = findMasterKeys();
  if (!masterKeys || !env().CONSOLE_DATABASE_URL) return undefined;
  const vault = vaultOn(consoleDb(), masterKeys);
  held.auditDashboardVault = {
    ...vault,
    async close() {
      delete held.auditDashboardVault;
      await vault.close();
    },
  };
  return held.auditDashboardVault;
}

/** A vault over one console database and its master keys. Connects, and listens for evictions, on first use. */
export function vaultOn(
  { sql }: Pick<ConsoleDb, "sql">,
  masterKeys: MasterKeys,
  limits: Pick<VaultOptions, "maxKeys" | "ttlMs"> = {},
): Vault {
  const vault = createVault({ keyStore: createKeyStore(sql), masterKeys, ...limits });
  let listening: Promise<{ unlisten(): Promise<void> } | null> | undefined;
  const listen = () => {
    // The driver reconnects its listener by itself; what is missed meanwhile the keys' short life covers.
    listening ??= sql
      .listen(evictionChannel, (token) => vault.evict([token]))
      .catch(() => {
        listening = undefined;
        return null;
      });
  };
  return {
    ...vault,
    protect(people) {
      listen();
      return vault.protect(people);
    },
    protectUnderAll(people) {
      listen();
      return vault.protectUnderAll(people);
    },
    reveal(items) {
      listen();
      return vault.reveal(items);
    },
    async close() {
      await (await listening)?.unlisten().catch(() => {});
      await vault.close();
    },
  };
}

/** Forgets every key and stops listening, if the vault was opened. */
export async function closeVault(): Promise<void> {
  await held.auditDashboardVault?.close();
}
