import { and, inArray, lt, sql } from "drizzle-orm";
import { schema } from "../../db/schema.ts";
import type { Effect } from "./effect.ts";
import type { EffectContext } from "./effect-context.ts";
import type { EffectRow } from "./intend-effect.ts";
import { lookAtEffect } from "./look-at-effect.ts";
import { settleBySight } from "./settle-by-sight.ts";

const batchSize = 100;

export interface Reconciled {
  /** Found to have happened, or not. */
  done: number;
  failed: number;
  /** Still of unknown outcome. */
  unknown: number;
}

/**
 * Looks at every effect whose author has not said for thirty seconds that they are at it, and settles what can be seen.
 * What cannot be told is on record as of unknown outcome, and looked at again, after ten seconds at first, after an hour
 * at last. A job that still goes on settles its own. Meant for one process at a time; two would only look twice.
 */
export async function reconcileEffects(
  context: EffectContext & { verbs: Iterable<{ effect?: Effect }>; now?: Date },
): Promise<Reconciled> {
  const now = context.now ?? new Date();
  const effects = new Map(
    [...context.verbs].flatMap(({ effect }) => (effect ? [[effect.action, effect]] : [])),
  );
  const sum: Reconciled = { done: 0, failed: 0, unknown: 0 };
  for (const row of await findAbandoned(context, now)) {
    const effect = effects.get(row.action);
    const sight = effect ? await lookAtEffect(context, effect, row, now) : "cannot tell";
    await settleBySight(context, row, sight, now);
    sum[({ done: "done", "not done": "failed", "cannot tell": "unknown" } as const)[sight]]++;
  }
  return sum;
}

function findAbandoned({ console }: EffectContext, now: Date): Promise<EffectRow[]> {
  const { effect, job } = schema;
  const at = sql`${now.toISOString()}::timestamptz`;
  return console.db
    .select()
    .from(effect)
    .where(
      and(
        inArray(effect.state, ["intended", "unknown"]),
        lt(effect.aliveUntil, now),
        sql`not exists (
          select from ${job} where ${job.id} = ${effect.jobId} and ${job.state} in ('waiting', 'running'))`,
        sql`(${effect.state} = 'intended' or ${effect.lookedAt} is null or ${at} - ${effect.lookedAt}
          >= least(interval '1 hour', greatest(interval '10 seconds', ${effect.lookedAt} - ${effect.aliveUntil})))`,
      ),
    )
    .orderBy(effect.id)
    .limit(batchSize);
}
