import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { uuidV7 } from "../audit-db/append/uuid-v7.ts";
import type { Actor } from "../auth/actor.ts";
import type { Tx } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { findRule } from "../upkeep-rules/read-rules.ts";
import { ruleOf, type UpkeepRule } from "../upkeep-rules/rule.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { assertKeepable } from "./assert-keepable.ts";
import { checkTimes, ruleFields, ruleInput } from "./inputs.ts";
import { objectOf } from "./rule-object.ts";
import { endSchedule } from "./rule-schedule.ts";

const { partitionUpkeep } = schema;

const setUpkeepInput = ruleInput.extend(ruleFields).superRefine(checkTimes);
type SetUpkeep = z.output<typeof setUpkeepInput>;

/** Proposes a table's rule, or another in place of the one it has: nothing runs until a person approves it. */
export const setUpkeep = defineAdminAction({
  name: "upkeep.set",
  role: "operator",
  target: true,
  input: setUpkeepInput,
  answer: z.strictObject({ revision: z.int(), state: z.literal("proposed") }),
  object: ({ table }) => objectOf(table),
  async run({ tx, audit, actor, now }, input) {
    const database = await assertKeepable(tx, audit, input.table);
    const { id, revision } = await proposeRule(tx, input, { database, actor, now });
    const { target, table, ...says } = input;
    return {
      data: { revision, state: "proposed" },
      object: objectOf(table),
      facts: { rule: id, revision, ...says },
    };
  },
});

/** Writes the rule down as proposed, and ends what begins by the one before. */
export async function proposeRule(
  tx: Tx,
  input: SetUpkeep,
  by: { database: string; actor: Pick<Actor, "kind" | "id" | "name" | "email">; now: Date },
): Promise<UpkeepRule> {
  const { target, table, cut, ahead, tablespace, cron, timeZone, window, lockTimeoutMs } = input;
  const says = {
    database: by.database,
    cut: cut ?? null,
    ahead,
    tablespace: tablespace ?? null,
    cron: cron.trim(),
    timeZone,
    windowFrom: window?.from ?? null,
    windowTo: window?.to ?? null,
    lockTimeoutMs,
    state: "proposed" as const,
    proposedByKind: by.actor.kind,
    proposedBy: by.actor.id,
    proposedByName: by.actor.email ?? by.actor.name,
    proposedAt: by.now,
    approvedByKind: null,
    approvedBy: null,
    approvedByName: null,
    approvedAt: null,
    onSince: null,
  };
  const before = await findRule(tx, target, table);
  if (before) await endSchedule(tx, before);
  const revision = (before?.revision ?? 0) + 1;
  const [row] = before
    ? await tx
        .update(partitionUpkeep)
        .set({ ...says, revision, enabled: true })
        .where(and(eq(partitionUpkeep.id, before.id), eq(partitionUpkeep.revision, before.revision)))
        .returning()
    : await tx
        .insert(partitionUpkeep)
        .values({
          ...says,
          id: uuidV7(by.now.getTime()),
          target,
          schemaName: table.schema,
          tableName: table.name,
          revision,
        })
        .onConflictDoNothing()
        .returning();
  // Somebody else's came first: this one comes after it.
  return row ? ruleOf(row) : proposeRule(tx, input, by);
}
