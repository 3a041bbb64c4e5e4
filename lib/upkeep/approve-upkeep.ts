import { and, eq } from "drizzle-orm";
import { z } from "zod";
import type { Actor } from "../auth/actor.ts";
import type { Tx } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import { nameRelation } from "../quote-sql.ts";
import { requireRule } from "../upkeep-rules/read-rules.ts";
import type { UpkeepRule } from "../upkeep-rules/rule.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { assertKeepable } from "./assert-keepable.ts";
import { ruleInput } from "./inputs.ts";
import { objectOf } from "./rule-object.ts";
import { beginSchedule } from "./rule-schedule.ts";

const { partitionUpkeep } = schema;

/**
 * Turns a proposed rule on. Whoever may make partitions by hand may have them made: an operator, who is a person and has
 * seen this very revision.
 */
export const approveUpkeep = defineAdminAction({
  name: "upkeep.approve",
  role: "operator",
  person: true,
  target: true,
  input: ruleInput.extend({ revision: z.int().min(1) }),
  answer: z.strictObject({ state: z.literal("approved"), approvedAt: z.date() }),
  object: ({ table }) => objectOf(table),
  async run({ tx, audit, actor, now }, { target, table, revision }) {
    const rule = await requireRule(tx, target, table);
    if (!audit.can("maintenance"))
      throw new AppError(
        "UNSUPPORTED",
        `${target} has no maintenance connection: its partitions cannot be made.`,
        {
          hint: "Set AUDIT_MAINTENANCE_URL, the URL of a login with the role audit_maintainer.",
        },
      );
    const database = await assertKeepable(tx, audit, table);
    if (database !== rule.database)
      throw new AppError(
        "CONFLICT",
        `The rule was proposed for the database ${rule.database}; this is ${database}.`,
        {
          hint: "Set it again.",
        },
      );
    await approveRule(tx, rule, revision, { actor, now });
    return {
      data: { state: "approved", approvedAt: now },
      object: objectOf(table),
      facts: { rule: rule.id, revision },
    };
  },
});

/** @throws AppError CONFLICT when it is approved already, or another revision than the one that was seen */
export async function approveRule(
  tx: Tx,
  rule: UpkeepRule,
  revision: number,
  { actor, now }: { actor: Pick<Actor, "kind" | "id" | "name" | "email">; now: Date },
): Promise<void> {
  const [approved] = await tx
    .update(partitionUpkeep)
    .set({
      state: "approved",
      enabled: true,
      approvedByKind: actor.kind,
      approvedBy: actor.id,
      approvedByName: actor.email ?? actor.name,
      approvedAt: now,
      onSince: now,
    })
    .where(
      and(
        eq(partitionUpkeep.id, rule.id),
        eq(partitionUpkeep.revision, revision),
        eq(partitionUpkeep.state, "proposed"),
      ),
    )
    .returning({ id: partitionUpkeep.id });
  if (!approved) {
    const name = nameRelation(rule.table);
    if (rule.revision === revision)
      throw new AppError("CONFLICT", `The upkeep of ${name} is approved already.`);
    throw new AppError(
      "CONFLICT",
      `The upkeep of ${name} was changed meanwhile: it is revision ${rule.revision} now.`,
      {
        hint: "Look at it again, then approve that.",
      },
    );
  }
  await beginSchedule(tx, rule);
}
