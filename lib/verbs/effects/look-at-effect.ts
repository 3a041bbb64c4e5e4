import { AppError } from "../../errors.ts";
import { lazyAudit } from "../verb-target.ts";
import type { Effect, Sight } from "./effect.ts";
import type { EffectContext } from "./effect-context.ts";
import type { EffectRow } from "./intend-effect.ts";

/** Whether it happened; `cannot tell` also when the look failed. Never throws. */
export async function lookAtEffect(
  { console, openTarget, logger }: EffectContext,
  effect: Effect,
  row: EffectRow,
  now: Date,
): Promise<Sight> {
  const audit = lazyAudit(row.target, (name) => {
    const opened = openTarget(name);
    if (opened) return opened;
    throw new AppError("NOT_FOUND", `There is no target named "${name}".`);
  });
  const context = {
    console,
    get audit() {
      return audit();
    },
    intendedAt: row.intendedAt,
    now,
  };
  try {
    return await effect.look(context, effect.input.parse(row.input));
  } catch (err) {
    logger.warn({ err, effect: row.id, action: row.action }, "whether an effect happened could not be seen");
    return "cannot tell";
  }
}
