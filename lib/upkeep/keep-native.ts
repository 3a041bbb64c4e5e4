import { intervalsAhead } from "../audit-db/schema/extend-partitions.ts";
import { systemActor } from "../auth/actor.ts";
import type { ConsoleDb } from "../db/console-db.ts";
import { recordActivity } from "../db/record.ts";
import { findRule } from "../upkeep-rules/read-rules.ts";
import { approveRule } from "./approve-upkeep.ts";
import { objectOf } from "./rule-object.ts";
import { proposeRule } from "./set-upkeep.ts";

const table = { schema: "public", name: "audit_log" };
/** Every day before most people's work begins, at a minute that few others take. */
const rule = { ahead: intervalsAhead, cron: "17 3 * * *", timeZone: "UTC", lockTimeoutMs: 200 };

export interface KeepNative {
  target: string;
  database: string;
  /** Whoever asked said yes: it is on at once. */
  approve: boolean;
  /** Who that is, for the record. */
  by: string;
  auditTargets: readonly string[];
  now: Date;
}

/**
 * Proposes the upkeep of our own table, unless it has one, and approves what is proposed where a person said so.
 * @returns how it stands then
 */
export async function keepNativeTable(
  { db }: Pick<ConsoleDb, "db">,
  { target, database, approve, by, auditTargets, now }: KeepNative,
): Promise<"proposed" | "approved"> {
  const actor = systemActor(by);
  return db.transaction(async (tx) => {
    const record = (action: string, facts: Record<string, unknown>) =>
      recordActivity(
        tx,
        { actor, action, outcome: "success", target, object: objectOf(table), facts },
        auditTargets,
        now,
      );
    let found = await findRule(tx, target, table);
    if (!found) {
      found = await proposeRule(tx, { target, table, ...rule }, { database, actor, now });
      await record("upkeep.set", { rule: found.id, revision: found.revision, ...rule });
    }
    if (found.state === "approved" || !approve) return found.state;
    await approveRule(tx, found, found.revision, { actor, now });
    await record("upkeep.approve", { rule: found.id, revision: found.revision });
    return "approved";
  });
}
