import type { Sql } from "postgres";
import manifest from "../../package.json" with { type: "json" };
import type { DropChannel } from "../audit-db/cache/types.ts";
import { openTarget } from "../audit-db/registry.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { consoleDb } from "../db/console-db.ts";
import type { Target } from "../env/targets.ts";
import { env } from "../env.ts";
import { listRestrictedTokens } from "../key-store/list-restricted-tokens.ts";
import { openVault } from "../key-store/open-vault.ts";
import { createLedgerGate } from "../ledger/gate.ts";
import { processLogger } from "../log/process-logger.ts";
import { openDropChannel } from "./drop-channel.ts";
import { findLastAnswered } from "./last-answered.ts";
import { openSharedCache } from "./open-shared-cache.ts";

/** One a console database, whichever module instance asks. */
const held = globalThis as typeof globalThis & { auditDashboardDrops?: WeakMap<Sql, DropChannel> };

/**
 * This process's engine of a target, with all that the console's processes share: people's keys, answers, drops. Its
 * lines are the engine's own, whoever opens it first, and name the target.
 */
export function openEngine(target: Target): AuditDb {
  const sharedCache = openSharedCache();
  return openTarget(target, {
    logger: processLogger().child({ module: "engine" }),
    vault: openVault(),
    version: manifest.version,
    admit: ledgerGate(target.name),
    restrictedTokens: async () =>
      env().CONSOLE_DATABASE_URL ? listRestrictedTokens(consoleDb().sql, target.name) : [],
    lastAnswered: () => findLastAnswered(consoleDb().sql, target.name),
    ...(sharedCache ? { sharedCache } : { drops: consoleDrops() }),
  });
}

/** Without a database of the console's there is no ledger either. */
function ledgerGate(target: string) {
  return env().CONSOLE_DATABASE_URL ? createLedgerGate(consoleDb().sql, target) : undefined;
}

function consoleDrops(): DropChannel | undefined {
  if (!env().CONSOLE_DATABASE_URL) return undefined;
  const { sql } = consoleDb();
  held.auditDashboardDrops ??= new WeakMap();
  const channel = held.auditDashboardDrops.get(sql) ?? openDropChannel(sql);
  held.auditDashboardDrops.set(sql, channel);
  return channel;
}
