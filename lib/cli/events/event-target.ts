import { openTarget } from "../../audit-db/registry.ts";
import type { AuditDb } from "../../audit-db/types.ts";
import { closeConsoleDb } from "../../db/console-db.ts";
import { closeVault, openVault } from "../../key-store/open-vault.ts";
import { type CliContext, oneTarget } from "../command.ts";
import { silent } from "../silent.ts";

/** The engine of the command's target with the console's vault, for commands that write or reveal events. */
export function openEventTarget(context: CliContext): AuditDb {
  const vault = openVault();
  context.atEnd(async () => {
    await closeVault();
    await closeConsoleDb();
  });
  return openTarget(oneTarget(context), { logger: silent, vault });
}
