import { and, eq } from "drizzle-orm";
import { schema } from "../../db/schema.ts";
import { AppError } from "../../errors.ts";
import type { Sight } from "./effect.ts";
import type { EffectContext } from "./effect-context.ts";
import type { EffectRow } from "./intend-effect.ts";
import { settleEffect } from "./settle-effect.ts";

/** Keeps what was found of an effect whose author is gone. */
export async function settleBySight(
  { console, auditTargets }: EffectContext,
  row: EffectRow,
  sight: Sight,
  now: Date,
): Promise<void> {
  const context = { auditTargets, now };
  if (sight === "done") {
    await settleEffect(console, row, { state: "done", by: "reconciler" }, context);
  } else if (sight === "not done") {
    const error = new AppError("UNAVAILABLE", "Whoever carried it out was gone before it happened.");
    await settleEffect(console, row, { state: "failed", by: "reconciler", error }, context);
  } else if (!(await settleEffect(console, row, { state: "unknown", by: "reconciler" }, context))) {
    const { effect } = schema;
    await console.db
      .update(effect)
      .set({ lookedAt: now })
      .where(and(eq(effect.id, row.id), eq(effect.state, "unknown")));
  }
}
