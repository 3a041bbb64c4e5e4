import { and, eq, inArray, sql } from "drizzle-orm";
import { systemActor } from "../auth/actor.ts";
import type { ConsoleDb } from "../db/console-db.ts";
import { recordActivity } from "../db/record.ts";
import { schema } from "../db/schema.ts";
import { unsettled } from "./find-awaited.ts";

/**
 * Puts holds in force whose every awaited destruction is settled, whichever way. What was destroyed before the hold is
 * told by its own record; nothing else in its scope can be. @returns how many
 */
export function confirmHolds(
  { db }: Pick<ConsoleDb, "db">,
  auditTargets: readonly string[],
  now: Date = new Date(),
): Promise<number> {
  const { effect, legalHold } = schema;
  return db.transaction(async (tx) => {
    const placing = await tx
      .select()
      .from(legalHold)
      .where(eq(legalHold.state, "placing"))
      .orderBy(legalHold.number)
      .limit(100)
      .for("update", { skipLocked: true });
    let confirmed = 0;
    for (const { id, number, version, awaits, placedAt } of placing) {
      // Settled ones are forgotten after a month: what is there no more is settled.
      const open = awaits.length
        ? await tx
            .select({ id: effect.id })
            .from(effect)
            .where(and(inArray(effect.id, awaits), inArray(effect.state, unsettled)))
            .limit(1)
        : [];
      if (open.length > 0) continue;
      await tx
        .update(legalHold)
        .set({ state: "in_force", inForceAt: now, version: sql`${legalHold.version} + 1` })
        .where(and(eq(legalHold.id, id), eq(legalHold.version, version)));
      await recordActivity(
        tx,
        {
          actor: systemActor("holds"),
          action: "hold.confirm",
          outcome: "success",
          object: { type: "hold", id: String(number) },
          facts: { awaited: awaits.length, placedAt: placedAt.toISOString() },
        },
        auditTargets,
        now,
      );
      confirmed++;
    }
    return confirmed;
  });
}
