import { and, eq, inArray, sql } from "drizzle-orm";
import { schema } from "../../db/schema.ts";
import type { Effect, Sight } from "./effect.ts";
import type { EffectContext } from "./effect-context.ts";
import { lookAtEffect } from "./look-at-effect.ts";
import { settleBySight } from "./settle-by-sight.ts";

/**
 * Settles what earlier attempts of a job left untold, by looking: their claims are lost, so none of them goes on.
 * @returns what is known of the newest of the same input; null when none was intended, or none happened
 */
export async function takeOverEffects(
  context: EffectContext,
  effect: Effect,
  jobId: string,
  input: unknown,
): Promise<Sight | null> {
  const { effect: table } = schema;
  const open = await context.console.db
    .select()
    .from(table)
    .where(
      and(
        eq(table.jobId, jobId),
        eq(table.action, effect.action),
        sql`${table.input} = ${JSON.stringify(effect.input.parse(input))}::jsonb`,
        inArray(table.state, ["intended", "unknown", "done"]),
      ),
    )
    .orderBy(table.id);
  let newest: Sight | null = null;
  for (const row of open) {
    if (row.state === "done") {
      newest = "done";
      continue;
    }
    const now = new Date();
    newest = await lookAtEffect(context, effect, row, now);
    await settleBySight(context, row, newest, now);
  }
  return newest;
}
