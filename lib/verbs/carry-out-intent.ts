import type { z } from "zod";
import type { Actor } from "../auth/actor.ts";
import type { AdminAction, VerbContext, VerbIntent, VerbResult } from "./admin-action.ts";
import { finishEffect } from "./effects/carry-out-effect.ts";
import type { Effect } from "./effects/effect.ts";
import type { EffectContext } from "./effects/effect-context.ts";
import { type EffectRow, intendEffect } from "./effects/intend-effect.ts";
import { targetOf } from "./verb-target.ts";

/** What a verb is about to do outside the console's transaction, on record. */
export interface Intended<T> {
  effect: Effect;
  row: EffectRow;
  actor: Actor;
  carryOut: VerbIntent<T>["carryOut"];
}

/** Keeps the intention in the verb's own transaction; the effect may happen once that is committed. */
export async function recordIntent<T>(
  action: AdminAction<z.ZodType, T>,
  { tx, actor }: VerbContext,
  input: unknown,
  { intends, object, carryOut }: VerbIntent<T>,
  facts: Record<string, unknown>,
): Promise<Intended<T>> {
  const { effect } = action;
  if (!effect) throw new Error(`${action.name} intends an effect that it does not declare`);
  const row = await intendEffect(tx, {
    effect,
    input: intends,
    actor,
    target: targetOf(action, input),
    facts,
    ...(object && { object }),
  });
  return { effect, row, actor, carryOut };
}

/** Does what was intended and keeps how it came out. @throws what it failed with, once that is on record */
export function carryOutIntent<T>(
  context: EffectContext,
  { effect, row, actor, carryOut }: Intended<T>,
): Promise<VerbResult<T>> {
  return finishEffect({ ...context, actor }, effect, row, carryOut);
}
