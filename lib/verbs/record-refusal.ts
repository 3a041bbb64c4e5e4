import type { z } from "zod";
import type { ConsoleDb } from "../db/console-db.ts";
import { type ActivityEntry, recordActivity } from "../db/record.ts";
import type { AppError } from "../errors.ts";
import type { Logger } from "../log/log.ts";
import { type AdminAction, keptOf } from "./admin-action.ts";
import { configuredTargetOf } from "./verb-target.ts";

/**
 * Mistyped input is not worth a record; being turned away or failing is. Strangers leave none here. A refusal about a
 * target is told to that target alone, also when it came before the input was read.
 */
export async function recordRefusal(
  action: AdminAction<z.ZodType, unknown>,
  context: {
    console: ConsoleDb;
    actor: ActivityEntry["actor"] | null;
    auditTargets: readonly string[];
    logger: Pick<Logger, "error">;
  },
  rawInput: unknown,
  error: AppError,
  now: Date,
): Promise<void> {
  const { actor, auditTargets, logger } = context;
  if (!actor || error.code === "BAD_INPUT" || error.code === "UNAVAILABLE") return;
  const outcome = error.code === "INTERNAL" || error.code === "TIMEOUT" ? "failed" : "refused";
  try {
    // Whoever is refused for their role is refused before their input is read: it may be no input at all.
    const { data: input } = keptOf(action).safeParse(rawInput);
    const object = input === undefined ? undefined : action.object?.(input);
    const entry = {
      actor,
      action: action.name,
      outcome,
      target: configuredTargetOf(action, rawInput, auditTargets),
      ...(object && { object }),
      facts: { code: error.code },
      detail: { message: error.message },
    } as const;
    await context.console.db.transaction((tx) => recordActivity(tx, entry, auditTargets, now));
  } catch (thrown) {
    logger.error({ err: thrown, action: action.name }, "a refusal could not be recorded");
  }
}
