import { and, eq, inArray, lt, ne } from "drizzle-orm";
import type { ConsoleDb } from "../../db/console-db.ts";
import { type ActivityEntry, recordActivity } from "../../db/record.ts";
import { schema } from "../../db/schema.ts";
import type { AppError } from "../../errors.ts";
import { followEffect } from "../approvals/follow-effect.ts";
import type { EffectRow } from "./intend-effect.ts";

/** How an effect came out, by whoever did it or by whoever looked later. */
export interface Outcome extends Pick<ActivityEntry, "object" | "facts" | "detail"> {
  state: "done" | "failed" | "unknown";
  by: "actor" | "reconciler";
  error?: AppError;
}

const outcomes = { done: "success", failed: "failed", unknown: "unknown" } as const;

/**
 * Keeps how an effect came out, with its activity row and audit event, in one transaction. What is settled stays, but for
 * one case: who carried it out knows better than who looked that it was done after all.
 * @returns whether it was ours to say
 */
export function settleEffect(
  { db }: ConsoleDb,
  { id, action, target, jobId, ...row }: EffectRow,
  outcome: Outcome,
  context: { auditTargets: readonly string[]; actor?: ActivityEntry["actor"]; now: Date },
): Promise<boolean> {
  const { state, by, error, object, detail } = outcome;
  const { now, auditTargets } = context;
  const { effect } = schema;
  const known: Record<string, unknown> = { ...row.facts, ...outcome.facts };
  const facts = {
    ...known,
    effectId: id,
    ...(jobId !== null && { jobId }),
    ...(error && { code: error.code }),
    ...(by === "reconciler" && { foundBy: "reconciler" }),
  };
  return db.transaction(async (tx) => {
    const changed = await tx
      .update(effect)
      .set({
        state,
        facts: known,
        error: error ? { code: error.code, message: error.message } : null,
        ...(state === "unknown" ? { lookedAt: now } : { settledAt: now, settledBy: by }),
      })
      .where(and(eq(effect.id, id), whileStill(outcome, row.aliveUntil)))
      .returning({ id: effect.id });
    if (changed.length === 0) return false;
    const actor = context.actor ?? { kind: row.actorKind, id: row.actorId, name: row.actorName };
    await followEffect(
      tx,
      known.approvalId,
      { state, ...(error && { error }) },
      { actor, auditTargets, now },
    );
    const entry: ActivityEntry = {
      actor,
      action,
      outcome: outcomes[state],
      target,
      ...(row.objectType !== null && {
        object: {
          type: row.objectType,
          id: row.objectId ?? "",
          ...(row.objectName !== null && { name: row.objectName }),
        },
      }),
      ...(object && { object }),
      facts,
      detail: { ...detail, ...(error && { message: error.message }) },
    };
    await recordActivity(tx, entry, auditTargets, now);
    return true;
  });
}

function whileStill({ state, by }: Outcome, aliveUntil: Date) {
  const { effect } = schema;
  if (state === "done" && by === "actor") return ne(effect.state, "done");
  const open =
    state === "unknown" ? eq(effect.state, "intended") : inArray(effect.state, ["intended", "unknown"]);
  // Somebody at it who was heard of since the look may do it yet. A Date holds no microseconds.
  const silent = lt(effect.aliveUntil, new Date(aliveUntil.getTime() + 1));
  return by === "reconciler" && state !== "done" ? and(open, silent) : open;
}
